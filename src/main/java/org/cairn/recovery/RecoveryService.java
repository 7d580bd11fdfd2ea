package org.cairn.recovery;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.embedded.CatalogueRebuild.Lost;
import org.cairn.platform.Sql;

/** How a rebuild stands, and what the catalogue holds after it. */
@ApplicationScoped
class RecoveryService {

  /** Where the catalogue names bytes besides files of checkpoints: what, and their digest. */
  private static final String NAMED =
      """
      select p.name || '/' || r.name || ' ' || f.path, f.sha256 from run_file f
      join run r on r.id = f.run_id join project p on p.id = r.project_id
      union all
      select 'dataset ' || p.name || '/' || d.name || '@' || v.version || ' ' || f.path, f.sha256
      from dataset_file f join dataset_version v on v.id = f.dataset_version_id
      join dataset d on d.id = v.dataset_id join project p on p.id = d.project_id
      where f.location is null and f.withheld_reason is null
      union all
      select 'configuration ' || p.name || ' ' || c.name, c.raw_sha256 from configuration c
      join project p on p.id = c.project_id
      """;

  private static final List<String> COUNTED =
      List.of(
          "project",
          "configuration",
          "dataset",
          "dataset_version",
          "run",
          "segment",
          "checkpoint",
          "checkpoint_label",
          "finding",
          "artifact");

  private final Sql sql;
  private final Clock clock;

  RecoveryService(Sql sql, Clock clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /** Whether there is nothing that a rebuild could disturb, or one that was broken off. */
  @Transactional
  boolean begin() {
    if (isUnfinished()) {
      return true;
    }
    if (!isEmpty()) {
      return false;
    }
    sql.update(
        """
        insert into catalogue_rebuild (started_at) values (?)
        on conflict (the_only) do update set started_at = excluded.started_at, finished_at = null
        """,
        List.of(clock.instant().atOffset(ZoneOffset.UTC)));
    return true;
  }

  @Transactional
  void finish() {
    sql.update(
        "update catalogue_rebuild set finished_at = ?",
        List.of(clock.instant().atOffset(ZoneOffset.UTC)));
  }

  /** A rebuild was begun and has not come to its end. */
  @Transactional
  boolean isUnfinished() {
    return holds("select 1 from catalogue_rebuild where finished_at is null");
  }

  @Transactional
  boolean isEmpty() {
    return !holds("select 1 from project") && !holds("select 1 from artifact");
  }

  private boolean holds(String query) {
    return !sql.query(query + " limit 1", List.of(), r -> true).isEmpty();
  }

  /** The ids of all runs, by project/run. */
  @Transactional
  Map<String, UUID> runs() {
    var runs = new LinkedHashMap<String, UUID>();
    sql.query(
        """
        select p.name || '/' || r.name, r.id from run r join project p on p.id = r.project_id
        order by r.created_at, r.id
        """,
        List.of(),
        r -> runs.put(r.getString(1), r.getObject(2, UUID.class)));
    return runs;
  }

  /** Bytes that runs, dataset versions and configurations name and that are not there. */
  @Transactional
  List<Lost> missingBytes() {
    return sql.query(
        """
        select n.what, n.sha256 from (%s) as n (what, sha256)
        where n.sha256 is not null and not exists (select 1 from artifact a where a.sha256 = n.sha256)
        order by n.what
        """
            .formatted(NAMED),
        List.of(),
        r ->
            new Lost(
                r.getString(1), "the bucket does not have its bytes, sha256:" + r.getString(2)));
  }

  /** How many things of each kind there are. */
  @Transactional
  Map<String, Long> counts() {
    var counts = new LinkedHashMap<String, Long>();
    for (var table : COUNTED) {
      counts.put(
          table,
          sql.query("select count(*) from " + table, List.of(), r -> r.getLong(1)).getFirst());
    }
    return counts;
  }
}
