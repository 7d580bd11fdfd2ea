package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.cairn.run.ParentEdges;
import org.cairn.run.ResolvedParent;

/**
 * Puts prepared checkpoints into the catalogue with all that hangs on them; the caller's
 * transaction holds them together.
 */
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
    var edges = new LinkedHashMap<UUID, List<ResolvedParent>>();
    var found = new ArrayList<NewFinding>();
    for (var checkpoint : checkpoints) {
      var outcome = java.util.Objects.requireNonNull(outcomes.get(checkpoint.id()));
      if (outcome.conflict() != null) {
        continue;
      }
      if (!checkpoint.parents().isEmpty()) {
        edges.put(checkpoint.id(), checkpoint.parents());
      }
      if (checkpoint.countsFinding() != null) {
        found.add(
            new NewFinding(
                checkpoint.id(),
                COUNTS_DIFFER,
                "checkpoint " + outcome.label(),
                checkpoint.countsFinding()));
      }
    }
    if (!edges.isEmpty()) {
      parents.attachToCheckpoints(context.run().id(), edges);
    }
    if (!found.isEmpty()) {
      findings.recordAll(context.run().id(), found);
    }
    return outcomes;
  }
}
