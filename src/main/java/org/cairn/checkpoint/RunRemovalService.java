package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sql;
import org.cairn.run.RunService;

/** Takes away runs that nobody can rely on yet: those with drafts only. */
@ApplicationScoped
public class RunRemovalService {

  /** In an order in which nothing refers to what is gone; what others refer to stays. */
  private static final List<String> TABLES =
      List.of("parent_edge", "checkpoint_label", "checkpoint", "finding", "run_file");

  private final RunService runs;
  private final Sql sql;

  RunRemovalService(RunService runs, Sql sql) {
    this.runs = runs;
    this.sql = sql;
  }

  @Transactional
  public void remove(UUID runId) {
    runs.hold(runId);
    if (!sql.query(
            "select 1 from checkpoint where run_id = ? and state <> 'draft' limit 1",
            List.of(runId),
            r -> true)
        .isEmpty()) {
      throw new RegistryException(
          ProblemType.SEALED, "The run has sealed checkpoints, and these are for ever");
    }
    if (!sql.query("select 1 from segment where run_id = ? limit 1", List.of(runId), r -> true)
        .isEmpty()) {
      throw RegistryException.conflict("The run has segments: its history is recorded");
    }
    for (var table : TABLES) {
      sql.update("delete from " + table + " where run_id = ?", List.of(runId));
    }
    sql.update("delete from run where id = ?", List.of(runId));
  }
}
