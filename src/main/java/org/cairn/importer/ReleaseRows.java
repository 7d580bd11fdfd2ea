package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.importer.KnownListings.Known;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** What imports left in the catalogue, for those that come later. */
@ApplicationScoped
class ReleaseRows {

  private static final int BATCH = 2_000;

  private final Sql sql;

  ReleaseRows(Sql sql) {
    this.sql = sql;
  }

  /** The lines of a listing as it was last imported into a run, in their order. */
  List<ListedCheckpoint> listing(UUID run, String name) {
    return sql.query(
        """
        select line, stage, branch, step, tokens, address from listed_checkpoint
        where run_id = ? and listing = ? order by line
        """,
        List.of(run, name),
        row ->
            new ListedCheckpoint(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getObject(5, Long.class),
                row.getString(6)));
  }

  void putListing(UUID run, String name, String file, List<ListedCheckpoint> lines, Instant now) {
    sql.update(
        "delete from listed_checkpoint where run_id = ? and listing = ?", List.of(run, name));
    for (int from = 0; from < lines.size(); from += BATCH) {
      var rows = JsonNodeFactory.instance.arrayNode();
      for (var one : lines.subList(from, Math.min(from + BATCH, lines.size()))) {
        rows.addObject()
            .put("line", one.line())
            .put("stage", one.stage())
            .put("branch", one.branch())
            .put("step", one.step())
            .put("tokens", one.tokens())
            .put("address", one.address())
            .put("folder", one.address() == null ? null : one.folder());
      }
      sql.update(
          """
          insert into listed_checkpoint (run_id, listing, line, stage, branch, step, tokens, address, folder)
          select cast(? as uuid), ?, l.line, l.stage, l.branch, l.step, l.tokens, l.address, l.folder
          from jsonb_to_recordset(cast(? as jsonb)) as l(line bigint, stage text, branch text,
            step bigint, tokens bigint, address text, folder text)
          """,
          List.of(run, name, rows.toString()));
    }
    sql.update(
        """
        insert into listing (run_id, name, file, listed_at) values (?, ?, ?, ?)
        on conflict (run_id, name) do update
          set file = excluded.file, listed_at = excluded.listed_at
        """,
        List.of(run, name, file, now.atOffset(ZoneOffset.UTC)));
  }

  /**
   * What a run has of these addresses, and what it has at all, without what came with this listing.
   *
   * @param unchanged whether the listing says what it said when it was imported before
   * @param now when this import was asked for
   */
  Known known(
      @Nullable UUID run,
      String listing,
      Collection<String> addresses,
      boolean unchanged,
      Instant now) {
    if (run == null) {
      return new Known(0, 0);
    }
    return sql.query(
            """
            select count(*) filter (where address = any (?)), count(*) from location
            where run_id = ? and path = '' and checkpoint_id is not null and added_at < coalesce(
              (select listed_at from listing where ? and run_id = ? and name = ?),
              cast(? as timestamptz))
            """,
            List.of(
                addresses.toArray(String[]::new),
                run,
                unchanged,
                run,
                listing,
                now.atOffset(ZoneOffset.UTC)),
            row -> new Known(row.getLong(1), row.getLong(2)))
        .getFirst();
  }

  /** Which of these addresses other runs of the project had first, by the names of the runs. */
  Map<String, Known> knownOfOthers(UUID project, String run, Collection<String> addresses) {
    var found = new HashMap<String, Known>();
    sql.stream(
        """
        with first as (
          select distinct on (l.address) l.address, l.run_id
          from location l join run r on r.id = l.run_id
          where r.project_id = ? and l.path = '' and l.checkpoint_id is not null
            and l.address = any (?)
          order by l.address, l.added_at, l.run_id),
        shared as (select run_id, count(*) as addresses from first group by run_id)
        select r.name, s.addresses,
          (select count(*) from location l
            where l.run_id = r.id and l.path = '' and l.checkpoint_id is not null)
        from shared s join run r on r.id = s.run_id where lower(r.name) <> lower(?)
        """,
        List.of(project, addresses.toArray(String[]::new), run),
        row -> found.put(row.getString(1), new Known(row.getLong(2), row.getLong(3))));
    return found;
  }

  /** The configurations that were imported for a run, by the names of their files. */
  Map<String, UUID> configurations(UUID run) {
    var found = new HashMap<String, UUID>();
    sql.stream(
        "select name, configuration_id from imported_configuration where run_id = ?",
        List.of(run),
        row -> found.put(row.getString(1), row.getObject(2, UUID.class)));
    return found;
  }

  void putConfiguration(UUID run, String name, UUID configuration) {
    sql.update(
        """
        insert into imported_configuration (run_id, name, configuration_id) values (?, ?, ?)
        on conflict (run_id, name) do update set configuration_id = excluded.configuration_id
        """,
        List.of(run, name, configuration));
  }

  /** Labels of a run that may say tokens. */
  List<String> labels(UUID run, int limit) {
    return sql.query(
        """
        select label from checkpoint_label
        where run_id = ? and retired_at is null and label ~* 'token|[0-9][BT]' order by label limit ?
        """,
        List.of(run, limit),
        row -> row.getString(1));
  }

  /** Findings of a run that are open: what these imports may close. */
  List<String> openSubjects(UUID run, String findingClass, String prefix) {
    return sql.query(
        """
        select subject from finding
        where run_id = ? and class = ? and status = 'open' and starts_with(subject, ?)
        """,
        List.of(run, findingClass, prefix),
        row -> row.getString(1));
  }

  /**
   * An address of a checkpoint of a run.
   *
   * @param checkpoint null where there is none
   * @param path of the file in the checkpoint; empty for all of it
   */
  record Address(
      @Nullable UUID checkpoint,
      String address,
      String path,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest) {}

  /** Remembers where bytes are; what is known of them by the host is replaced. */
  void putLocations(UUID run, List<Address> addresses, Instant now) {
    for (int from = 0; from < addresses.size(); from += BATCH) {
      var rows = JsonNodeFactory.instance.arrayNode();
      for (var one : addresses.subList(from, Math.min(from + BATCH, addresses.size()))) {
        rows.addObject()
            .put("checkpoint", Objects.toString(one.checkpoint(), null))
            .put("address", one.address())
            .put("path", one.path())
            .put("size", one.size())
            .put("algorithm", one.algorithm())
            .put("digest", one.digest());
      }
      sql.update(
          """
          insert into location (id, run_id, checkpoint_id, address, path, size, algorithm, digest, state,
            probe_after, added_at)
          select distinct on (l.address, l.path) gen_random_uuid(), cast(? as uuid), l.checkpoint,
            l.address, l.path, l.size, l.algorithm, l.digest, 'unasked',
            cast(? as timestamptz), cast(? as timestamptz)
          from jsonb_to_recordset(cast(? as jsonb)) as l(checkpoint uuid, address text, path text,
            size bigint, algorithm text, digest text)
          on conflict on constraint location_unique do update set
            checkpoint_id = coalesce(location.checkpoint_id, excluded.checkpoint_id),
            size = excluded.size, algorithm = excluded.algorithm, digest = excluded.digest
          where (location.size, location.algorithm, location.digest)
              is distinct from (excluded.size, excluded.algorithm, excluded.digest)
            or (location.checkpoint_id is null and excluded.checkpoint_id is not null)
          """,
          List.of(
              run, now.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC), rows.toString()));
    }
  }
}
