package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairn.access.ReadScope;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** Finds who has or had a label. */
@ApplicationScoped
class ResolutionQueries {

  private static final String SELECT =
      """
      select p.name as project, r.name as run, c.label, c.stage, c.branch, c.step,
        coalesce(c.tokens, c.claimed_tokens) as tokens, c.state
      """;

  private static final String JOIN =
      " join run r on r.id = c.run_id join project p on p.id = r.project_id";

  private final Sql sql;

  ResolutionQueries(Sql sql) {
    this.sql = sql;
  }

  /**
   * A checkpoint that is found.
   *
   * @param labelId of the label that it was found by; of the checkpoint where there is none
   * @param retiredAt until when it had the label; null where it has it
   */
  record Found(
      UUID labelId,
      String project,
      String run,
      String checkpoint,
      String stage,
      String branch,
      long step,
      @Nullable Long tokens,
      CheckpointState state,
      @Nullable Instant retiredAt) {}

  /** Who has or had a label, in the order of the labels' ids. */
  List<Found> byLabel(String label, @Nullable UUID runId, ReadScope scope, UUID after, int limit) {
    var values = new ArrayList<Object>(List.of(label, after));
    var where = new StringBuilder(" where l.label = ? and l.id > ?");
    if (runId != null) {
      where.append(" and l.run_id = ?");
      values.add(runId);
    }
    if (!scope.all()) {
      where.append(" and (not (p.is_private or r.is_private) or lower(p.name) = any (?))");
      values.add(scope.projects().toArray(String[]::new));
    }
    values.add(limit);
    return sql.query(
        SELECT
            + ", l.id as label_id, l.retired_at from checkpoint_label l"
            + " join checkpoint c on c.id = l.checkpoint_id"
            + JOIN
            + where
            + " order by l.id limit ?",
        values,
        ResolutionQueries::found);
  }

  List<Found> byIds(List<UUID> ids) {
    return sql.query(
        SELECT
            + ", c.id as label_id, cast(null as timestamptz) as retired_at from checkpoint c"
            + JOIN
            + " where c.id = any (?) order by c.stage, c.branch, c.id",
        List.of((Object) ids.toArray(UUID[]::new)),
        ResolutionQueries::found);
  }

  private static Found found(ResultSet r) throws SQLException {
    return new Found(
        r.getObject("label_id", UUID.class),
        r.getString("project"),
        r.getString("run"),
        r.getString("label"),
        r.getString("stage"),
        r.getString("branch"),
        r.getLong("step"),
        r.getObject("tokens", Long.class),
        Wire.parse(CheckpointState.class, r.getString("state")),
        Sql.instant(r, "retired_at"));
  }
}
