package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.cairn.run.FindingService;
import org.cairn.run.ParentEdges;

/** Puts prepared checkpoints into the catalogue with all that hangs on them; the caller's transaction holds them together. */
@ApplicationScoped
class CheckpointRegistrar {

  /** Class of the finding that a producer's counts are not those of the batch schedule. */
  static final String COUNTS_DIFFER = "counts-differ-from-schedule";

  private final CheckpointRows rows;
  private final ParentEdges parents;
  private final FindingService findings;

  CheckpointRegistrar(CheckpointRows rows, ParentEdges parents, FindingService findings) {
    this.rows = rows;
    this.parents = parents;
    this.findings = findings;
  }

  Map<UUID, CheckpointRows.Outcome> register(
      RunContext context, Collection<PreparedCheckpoint> checkpoints) {
    var outcomes = rows.insert(context.run().id(), checkpoints);
    var found = new ArrayList<FindingService.Entry>();
    for (var checkpoint : checkpoints) {
      var outcome = java.util.Objects.requireNonNull(outcomes.get(checkpoint.id()));
      if (outcome.conflict() != null) {
        continue;
      }
      if (!checkpoint.parents().isEmpty()) {
        parents.insertForCheckpoint(context.run().id(), checkpoint.id(), checkpoint.parents());
      }
      if (checkpoint.countsFinding() != null) {
        found.add(
            new FindingService.Entry(
                checkpoint.id(), COUNTS_DIFFER, "checkpoint " + outcome.label(), checkpoint.countsFinding()));
      }
    }
    if (!found.isEmpty()) {
      findings.recordAll(context.run().id(), found);
    }
    return outcomes;
  }
}
