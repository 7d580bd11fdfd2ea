package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.PageToken;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** The tables of plans and of what is in them. All times are the database's. */
@ApplicationScoped
class PlanRepository {

  private final Sql sql;

  PlanRepository(Sql sql) {
    this.sql = sql;
  }

  /** Something that a plan names. */
  record Item(String key, PlanReason reason, @Nullable Sha256 sha256, @Nullable Long size) {}

  /** Whether there was no other plan under way. */
  boolean insert(UUID id, UUID job) {
    return sql.update(
            """
            insert into gc_plan (id, state, job_id, created_at) values (?, 'marking', ?, now())
            on conflict do nothing
            """,
            List.of(id, job))
        == 1;
  }

  /** When the last plan was begun; whether it is under way still. */
  record Last(Duration age, boolean alive) {}

  Optional<Last> last() {
    return sql
        .query(
            """
            select cast(extract(epoch from now() - created_at) * 1000 as bigint),
              state not in ('done', 'cancelled')
            from gc_plan order by created_at desc limit 1
            """,
            List.of(),
            row -> new Last(Duration.ofMillis(row.getLong(1)), row.getBoolean(2)))
        .stream()
        .findFirst();
  }

  Optional<PlanView> find(UUID id) {
    return sql
        .query("select * from gc_plan where id = ?", List.of(id), PlanRepository::view)
        .stream()
        .findFirst();
  }

  /** Until the transaction ends nobody else changes it. */
  Optional<PlanView> lock(UUID id) {
    return sql
        .query("select * from gc_plan where id = ? for update", List.of(id), PlanRepository::view)
        .stream()
        .findFirst();
  }

  List<PlanView> newestBefore(PageToken.Newest from, int limit) {
    return sql.query(
        """
        select * from gc_plan where (created_at, id) < (?, ?)
        order by created_at desc, id desc limit ?
        """,
        List.of(from.createdAt().atOffset(ZoneOffset.UTC), from.id(), limit),
        PlanRepository::view);
  }

  /** How long until its time of grace is over; negative where it is. */
  Duration untilSweep(UUID id) {
    return sql.query(
            """
            select cast(extract(epoch from sweep_after - now()) * 1000 as bigint)
            from gc_plan where id = ?
            """,
            List.of(id),
            row -> Duration.ofMillis(row.getLong(1)))
        .getFirst();
  }

  void become(UUID id, PlanState state) {
    var column =
        switch (state) {
          case APPROVED -> ", approved_at = now()";
          case DONE, CANCELLED -> ", finished_at = now()";
          case MARKING, WAITING, SWEEPING -> "";
        };
    sql.update(
        "update gc_plan set state = ?" + column + " where id = ?", List.of(state.text(), id));
  }

  void cancel(UUID id, @Nullable String failure) {
    sql.update(
        "update gc_plan set state = 'cancelled', finished_at = now(), failure = ? where id = ?",
        Arrays.asList(failure, id));
  }

  void carriedBy(UUID id, UUID job) {
    sql.update("update gc_plan set job_id = ? where id = ?", List.of(job, id));
  }

  /** Everything is found: counts it, and begins the time of grace. */
  void marked(UUID id, Duration grace) {
    sql.update(
        """
        update gc_plan set artifacts = found.artifacts, objects = found.objects,
          uploads = found.uploads, bytes = found.bytes, unknown = found.unknown,
          ahead = found.ahead, state = 'waiting',
          sweep_after = now() + ? * interval '1 millisecond'
        from (
          select count(*) filter (where reason = 'unreferenced') as artifacts,
            count(*) filter (where reason in ('orphan', 'abandoned')) as objects,
            count(*) filter (where reason = 'stale-upload') as uploads,
            coalesce(sum(size) filter (where reason in ('unreferenced', 'orphan', 'abandoned')), 0)
              as bytes,
            count(*) filter (where reason = 'unknown') as unknown,
            count(*) filter (where reason = 'ahead') as ahead
          from gc_item where plan_id = ?) as found
        where id = ?
        """,
        List.of(grace.toMillis(), id, id));
  }

  void clear(UUID id) {
    sql.update("delete from gc_item where plan_id = ?", List.of(id));
  }

  /** Forgets plans that were over longer ago than {@code age}, with what was in them. */
  void purge(Duration age) {
    sql.update(
        "delete from gc_plan where finished_at < now() - ? * interval '1 millisecond'",
        List.of(age.toMillis()));
  }

  void add(UUID id, Collection<Item> items) {
    var all = List.copyOf(items);
    sql.update(
        """
        insert into gc_item (plan_id, storage_key, reason, sha256, size)
        select ?, * from unnest(?, ?, ?, ?) on conflict do nothing
        """,
        List.of(
            id,
            all.stream().map(Item::key).toArray(String[]::new),
            all.stream().map(item -> item.reason().text()).toArray(String[]::new),
            all.stream()
                .map(item -> item.sha256() == null ? null : item.sha256().hex())
                .toArray(String[]::new),
            all.stream().map(Item::size).toArray(Long[]::new)));
  }

  /** What is not decided yet. */
  List<Item> open(UUID id, PlanReason reason, int limit) {
    return sql.query(
        """
        select storage_key, reason, sha256, size from gc_item
        where plan_id = ? and reason = ? and outcome is null order by storage_key limit ?
        """,
        List.of(id, reason.text(), limit),
        row ->
            new Item(
                row.getString(1),
                PlanReason.parse(row.getString(2)),
                digest(row.getString(3)),
                row.getObject(4, Long.class)));
  }

  /** Decides about {@code items}: those of {@code swept} went, the others stay. */
  void decide(UUID id, List<Item> items, Collection<Item> swept) {
    decide(id, swept, "swept");
    var kept = new ArrayList<>(items);
    kept.removeAll(swept);
    decide(id, kept, "kept");
    sql.update(
        """
        update gc_plan set swept = swept + ?, swept_bytes = swept_bytes + ?, kept = kept + ?
        where id = ?
        """,
        List.of(
            swept.size(),
            swept.stream()
                .map(Item::size)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum(),
            kept.size(),
            id));
  }

  private void decide(UUID id, Collection<Item> items, String outcome) {
    var byReason = items.stream().collect(Collectors.groupingBy(Item::reason));
    byReason.forEach((reason, some) ->
        sql.update(
            """
            update gc_item set outcome = ?
            where plan_id = ? and reason = ? and storage_key = any (?)
            """,
            List.of(
                outcome, id, reason.text(), some.stream().map(Item::key).toArray(String[]::new))));
  }

  List<PlanItemView> page(UUID id, String afterKey, String afterReason, int limit) {
    return sql.query(
        """
        select storage_key, reason, sha256, size, outcome from gc_item
        where plan_id = ? and (storage_key, reason) > (?, ?) order by storage_key, reason limit ?
        """,
        List.of(id, afterKey, afterReason, limit),
        row ->
            new PlanItemView(
                row.getString(1),
                PlanReason.parse(row.getString(2)),
                digest(row.getString(3)),
                row.getObject(4, Long.class),
                row.getString(5)));
  }

  private static @Nullable Sha256 digest(@Nullable String hex) {
    return hex == null ? null : new Sha256(hex);
  }

  private static PlanView view(ResultSet row) throws SQLException {
    return new PlanView(
        row.getObject("id", UUID.class),
        PlanState.parse(row.getString("state")),
        row.getObject("job_id", UUID.class),
        row.getLong("artifacts"),
        row.getLong("objects"),
        row.getLong("uploads"),
        row.getLong("bytes"),
        row.getLong("unknown"),
        row.getLong("ahead"),
        row.getLong("swept"),
        row.getLong("swept_bytes"),
        row.getLong("kept"),
        row.getString("failure"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        Sql.instant(row, "sweep_after"),
        Sql.instant(row, "approved_at"),
        Sql.instant(row, "finished_at"));
  }
}
