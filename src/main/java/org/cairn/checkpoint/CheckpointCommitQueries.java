package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** Finds checkpoints for those who read them by commit. */
@ApplicationScoped
class CheckpointCommitQueries {

  private static final String COLUMNS =
      "select c.id, c.label, c.stage, c.branch, c.step, c.state, coalesce(c.sealed_at, c.created_at) as since,"
          + " "
          + CheckpointCommits.COMMIT
          + " as commit_id, "
          + CheckpointCommits.STALE
          + " as stale";

  /** Index scans from the end of the trajectory, in the order of preference. */
  private static final List<String> PRIMARY =
      List.of(
          "and state = 'sealed' and branch in ('', 'main')",
          "and state = 'sealed'",
          "and branch in ('', 'main')",
          "");

  private final Sql sql;

  CheckpointCommitQueries(Sql sql) {
    this.sql = sql;
  }

  /**
   * A checkpoint and its commit.
   *
   * @param stale whether the commit has to be computed first
   */
  record Row(CommittedCheckpoint checkpoint, boolean stale) {}

  Optional<Row> byId(UUID id) {
    return rows(" from checkpoint c where c.id = ?", List.of(id)).stream().findFirst();
  }

  /** The checkpoints that hold these labels. */
  Map<String, Row> byLabels(UUID runId, Collection<String> labels) {
    var found = new HashMap<String, Row>();
    sql.query(
        COLUMNS
            + """
            , l.label as found_by from checkpoint_label l join checkpoint c on c.id = l.checkpoint_id
            where l.run_id = ? and l.label = any (?) and l.retired_at is null
            """,
        List.of(runId, labels.toArray(String[]::new)),
        r -> found.put(r.getString("found_by"), row(r, null)));
    return found;
  }

  /** A commit of a sealed checkpoint, of the draft that it was, or of a draft as it is now. */
  Optional<Row> byCommit(UUID runId, String commit) {
    return sql
        .query(
            COLUMNS
                + """
                 from checkpoint c where c.run_id = ? and (c.manifest_commit = ? or c.content_commit = ?)
                and not\
                """
                + CheckpointCommits.STALE
                + " limit 1",
            List.of(runId, commit, commit),
            r -> row(r, commit))
        .stream()
        .findFirst();
  }

  /** What is called main: what holds that label, or else the end of the trajectory. */
  Optional<Row> primary(UUID runId) {
    var values = new ArrayList<Object>(List.of(runId));
    var choices = new StringBuilder();
    for (var condition : PRIMARY) {
      choices
          .append(", (select id from checkpoint where run_id = ? ")
          .append(condition)
          .append(" order by position desc, stage desc, branch desc, id desc limit 1)");
      values.add(runId);
    }
    return rows(
            " from checkpoint c where c.id = coalesce((select checkpoint_id from checkpoint_label"
                + " where run_id = ? and label = 'main' and retired_at is null)"
                + choices
                + ")",
            values)
        .stream()
        .findFirst();
  }

  /** A checkpoint of a step, with what tells apart those of one step. */
  record AtStep(UUID id, String stage, String branch, @Nullable Long tokens) {}

  List<AtStep> atStep(UUID runId, long step) {
    return sql.query(
        """
        select id, stage, branch, coalesce(tokens, claimed_tokens) from checkpoint
        where run_id = ? and step = ?
        """,
        List.of(runId, step),
        r ->
            new AtStep(
                r.getObject(1, UUID.class),
                r.getString(2),
                r.getString(3),
                r.getObject(4, Long.class)));
  }

  long storage(UUID runId) {
    return sql.query(
            """
            select coalesce(sum(size), 0) from (select f.sha256, f.size from checkpoint c
            join checkpoint_file f on f.checkpoint_id = c.id where c.run_id = ?
            union select sha256, size from run_file where run_id = ?) files
            """,
            List.of(runId, runId),
            r -> r.getLong(1))
        .getFirst();
  }

  boolean hasStale(UUID runId) {
    return !sql.query(
            "select 1 from checkpoint c where c.run_id = ? and "
                + CheckpointCommits.STALE
                + " limit 1",
            List.of(runId),
            r -> true)
        .isEmpty();
  }

  private record Assigned(String name, long micros) {
    static final Comparator<Assigned> ORDER =
        Comparator.comparingLong(Assigned::micros).thenComparing(Assigned::name);
  }

  /**
   * Every label of a run, in the order of the trajectory. Put together here: PostgreSQL, while it
   * has not yet counted the rows of a run that grows, joins them in a way that takes seconds.
   */
  List<CheckpointCommitService.Label> labels(UUID runId) {
    var labels = new HashMap<UUID, List<Assigned>>();
    // Not sorted there, where it takes as long as reading them: few checkpoints have two.
    sql.query(
        """
        select checkpoint_id, label, (extract(epoch from assigned_at) * 1000000)::bigint
        from checkpoint_label where run_id = ? and retired_at is null
        """,
        List.of(runId),
        r ->
            labels
                .computeIfAbsent(r.getObject(1, UUID.class), id -> new ArrayList<>(1))
                .add(new Assigned(r.getString(2), r.getLong(3))));
    var all = new ArrayList<CheckpointCommitService.Label>(labels.size());
    sql.query(
        "select c.id, c.label, "
            + CheckpointCommits.COMMIT
            + " from checkpoint c where c.run_id = ? and not "
            + CheckpointCommits.STALE
            + " order by c.position, c.stage, c.branch, c.id",
        List.of(runId),
        r -> {
          var primary = r.getString(2);
          var own = labels.getOrDefault(r.getObject(1, UUID.class), List.of());
          if (own.size() > 1) {
            own.sort(Assigned.ORDER);
          }
          for (var label : own) {
            all.add(
                new CheckpointCommitService.Label(
                    label.name(), label.name().equals(primary), r.getString(3)));
          }
          return true;
        });
    return all;
  }

  private List<Row> rows(String from, List<?> values) {
    return sql.query(COLUMNS + from, values, r -> row(r, null));
  }

  private static Row row(ResultSet r, @Nullable String commit) throws SQLException {
    var stale = r.getBoolean("stale");
    return new Row(
        new CommittedCheckpoint(
            r.getObject("id", UUID.class),
            r.getString("label"),
            r.getString("stage"),
            r.getString("branch"),
            r.getLong("step"),
            stale ? "" : commit != null ? commit : r.getString("commit_id"),
            r.getString("state").equals("sealed"),
            Objects.requireNonNull(Sql.instant(r, "since"))),
        stale);
  }
}
