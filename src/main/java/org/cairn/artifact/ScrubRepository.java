package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/** The tables of passes, and of what they found damaged. */
@ApplicationScoped
class ScrubRepository {

  private final Sql sql;

  ScrubRepository(Sql sql) {
    this.sql = sql;
  }

  /**
   * An object to be read.
   *
   * @param size that it should have, where that is known
   * @param copy its content, where the catalogue has that
   */
  record Target(
      String position,
      ObjectKey key,
      Sha256 sha256,
      @Nullable Long size,
      boolean isArtifact,
      @Nullable String copy) {}

  /** Where a pass is. */
  record Place(String folder, String position) {}

  /** What a pass did with an object. */
  record Step(Place place, long bytes, int damaged, int healed, int unreadable) {}

  /** Whether there was no other pass under way. */
  boolean insert(UUID id, String folder) {
    return sql.update(
            """
            insert into scrub (id, state, job_id, folder, position, total_bytes, created_at)
            select ?, 'running', ?, ?, '', coalesce(sum(size), 0), now() from artifact
            on conflict do nothing
            """,
            List.of(id, id, folder))
        == 1;
  }

  void carriedBy(UUID id, UUID job) {
    sql.update("update scrub set job_id = ? where id = ?", List.of(job, id));
  }

  /** How long ago the last pass was begun; whether it is under way still. */
  record Last(Duration age, boolean alive) {}

  Optional<Last> last() {
    return sql
        .query(
            """
            select cast(extract(epoch from now() - created_at) * 1000 as bigint), state = 'running'
            from scrub order by created_at desc limit 1
            """,
            List.of(),
            row -> new Last(Duration.ofMillis(row.getLong(1)), row.getBoolean(2)))
        .stream()
        .findFirst();
  }

  Optional<ScrubView> find(UUID id) {
    return sql
        .query("select * from scrub where id = ?", List.of(id), ScrubRepository::view)
        .stream()
        .findFirst();
  }

  List<ScrubView> newestBefore(PageToken.Newest from, int limit) {
    return sql.query(
        """
        select * from scrub where (created_at, id) < (?, ?)
        order by created_at desc, id desc limit ?
        """,
        List.of(from.createdAt().atOffset(ZoneOffset.UTC), from.id(), limit),
        ScrubRepository::view);
  }

  /** Empty where the pass is over. */
  Optional<Place> place(UUID id) {
    return sql
        .query(
            "select folder, position from scrub where id = ? and state = 'running'",
            List.of(id),
            row -> new Place(row.getString(1), row.getString(2)))
        .stream()
        .findFirst();
  }

  /** Goes on to {@link Step#place}. */
  void advance(UUID id, Step step) {
    sql.update(
        """
        update scrub set folder = ?, position = ?, failures = 0, objects = objects + 1,
          bytes = bytes + ?, damaged = damaged + ?, healed = healed + ?, unreadable = unreadable + ?
        where id = ? and state = 'running'
        """,
        List.of(
            step.place().folder(),
            step.place().position(),
            step.bytes(),
            step.damaged(),
            step.healed(),
            step.unreadable(),
            id));
  }

  void enter(UUID id, String folder) {
    sql.update(
        "update scrub set folder = ?, position = '' where id = ? and state = 'running'",
        List.of(folder, id));
  }

  /** What comes next could not be read; answers how often in a row. */
  int failed(UUID id) {
    return sql.query(
            "update scrub set failures = failures + 1 where id = ? returning failures",
            List.of(id),
            row -> row.getInt(1))
        .getFirst();
  }

  void end(UUID id, ScrubState state, @Nullable String failure) {
    sql.update(
        """
        update scrub set state = ?, failure = ?, finished_at = now()
        where id = ? and state = 'running'
        """,
        Arrays.asList(state.text(), failure, id));
  }

  /** The artifact whose object was read is right: whether it was damaged before. */
  boolean sound(Target target) {
    var before =
        sql.query(
            """
            with before as (
              select sha256, damage from artifact where sha256 = ? and storage_key = ? for no key update)
            update artifact a set scrubbed_at = now(), damage = null, damaged_at = null
            from before where a.sha256 = before.sha256
            returning before.damage is not null
            """,
            List.of(target.sha256().hex(), target.key().value()),
            row -> row.getBoolean(1));
    return !before.isEmpty() && before.getFirst();
  }

  /** Since when an artifact is damaged, and whether that is news. */
  record Marked(Instant since, boolean news) {}

  /** Empty where the artifact is gone, or lies elsewhere by now. */
  Optional<Marked> damaged(Target target, Damage damage) {
    return sql
        .query(
            """
            with before as (
              select sha256, damage from artifact where sha256 = ? and storage_key = ? for no key update)
            update artifact a set scrubbed_at = now(), damage = ?,
              damaged_at = coalesce(a.damaged_at, now())
            from before where a.sha256 = before.sha256
            returning a.damaged_at, before.damage is distinct from a.damage as news
            """,
            List.of(target.sha256().hex(), target.key().value(), damage.text()),
            row ->
                new Marked(
                    Objects.requireNonNull(Sql.instant(row, "damaged_at")), row.getBoolean("news")))
        .stream()
        .findFirst();
  }

  /** Notes an object that is no artifact's. */
  void noteDamaged(Target target, Damage damage) {
    sql.update(
        """
        insert into damaged_object (storage_key, sha256, damage, damaged_at)
        values (?, ?, ?, now()) on conflict (storage_key) do update set damage = excluded.damage
        """,
        List.of(target.key().value(), target.sha256().hex(), damage.text()));
  }

  /** Whether it was damaged before. */
  boolean noteSound(Target target) {
    return sql.update(
            "delete from damaged_object where storage_key = ?", List.of(target.key().value()))
        == 1;
  }

  /** Everything that is damaged, by key. */
  List<DamagedView> damaged(String after, int limit) {
    return sql.query(
        """
        select * from (
          select storage_key, sha256, size, damage, damaged_at from artifact
          where damage is not null
          union all
          select storage_key, sha256, null, damage, damaged_at from damaged_object) as damaged
        where storage_key > ? order by storage_key limit ?
        """,
        List.of(after, limit),
        row ->
            new DamagedView(
                row.getString(1),
                new Sha256(row.getString(2)),
                row.getObject(3, Long.class),
                Objects.requireNonNull(Damage.parse(row.getString(4))),
                Objects.requireNonNull(Sql.instant(row, "damaged_at"))));
  }

  /** How many artifacts, and how many other objects, are damaged. */
  record Counts(long artifacts, long others) {}

  Counts counts() {
    return sql.query(
            """
            select (select count(*) from artifact where damage is not null),
              (select count(*) from damaged_object)
            """,
            List.of(),
            row -> new Counts(row.getLong(1), row.getLong(2)))
        .getFirst();
  }

  private static ScrubView view(ResultSet row) throws SQLException {
    return new ScrubView(
        row.getObject("id", UUID.class),
        ScrubState.parse(row.getString("state")),
        row.getObject("job_id", UUID.class),
        row.getLong("objects"),
        row.getLong("bytes"),
        row.getLong("total_bytes"),
        row.getLong("damaged"),
        row.getLong("healed"),
        row.getLong("unreadable"),
        row.getString("failure"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        Sql.instant(row, "finished_at"));
  }
}
