package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.api.RegistryException;
import org.cairn.run.CheckpointPosition;
import org.cairn.run.FindingService;
import org.cairn.run.HeldRun;
import org.cairn.run.NewFinding;
import org.cairn.run.ParentEdges;
import org.cairn.run.ParentRequest;
import org.cairn.run.ResolvedParent;
import org.jspecify.annotations.Nullable;

/**
 * Puts checkpoints into the catalogue with all that hangs on them, any number in a bounded number
 * of statements; the caller's transaction holds them together.
 */
@ApplicationScoped
class CheckpointRegistrar {

  private final CheckpointPreparation preparation;
  private final CheckpointRows rows;
  private final ParentEdges parents;
  private final FindingService findings;

  CheckpointRegistrar(
      CheckpointPreparation preparation,
      CheckpointRows rows,
      ParentEdges parents,
      FindingService findings) {
    this.preparation = preparation;
    this.rows = rows;
    this.parents = parents;
    this.findings = findings;
  }

  /** What became of a request: a new checkpoint, or why there is none. */
  record Outcome(CheckpointRows.@Nullable Added added, @Nullable RegistryException refused) {}

  /**
   * Registers each of these requests wholly or not at all; the outcomes are in their order. The run
   * is held, since counts follow from its schedule, and since two streams with the same steps in
   * another order would wait for each other.
   */
  List<Outcome> register(HeldRun held, List<CheckpointRequest> requests) {
    var run = held.run();
    var context = new RunContext(run, held.segments(), held.counter());
    var found =
        parents.find(
            run,
            requests.stream()
                .filter(request -> request.parents() != null)
                .flatMap(request -> Objects.requireNonNull(request.parents()).stream())
                .toList());
    var outcomes = new ArrayList<@Nullable Outcome>(requests.size());
    var prepared = new LinkedHashMap<Integer, PreparedCheckpoint>();
    for (int i = 0; i < requests.size(); i++) {
      outcomes.add(null);
      try {
        prepared.put(i, prepare(context, requests.get(i), found));
      } catch (RegistryException e) {
        outcomes.set(i, new Outcome(null, e));
      }
    }
    var inserted = insert(run.id(), List.copyOf(prepared.values()));
    prepared.forEach((i, checkpoint) -> {
      var row = Objects.requireNonNull(inserted.get(checkpoint.id()));
      outcomes.set(
          i,
          row.added() == null
              ? new Outcome(
                  null, RegistryException.conflict("There is already a " + row.conflict()))
              : new Outcome(row.added(), null));
    });
    return outcomes.stream().map(Objects::requireNonNull).toList();
  }

  private PreparedCheckpoint prepare(
      RunContext context, CheckpointRequest request, Map<String, CheckpointPosition> found) {
    List<ParentRequest> named = request.parents();
    return preparation.prepare(context, request, parents.resolve(named, found));
  }

  private Map<UUID, CheckpointRows.Outcome> insert(
      UUID runId, List<PreparedCheckpoint> checkpoints) {
    var outcomes = rows.insert(runId, checkpoints);
    var edges = new LinkedHashMap<UUID, List<ResolvedParent>>();
    var found = new ArrayList<NewFinding>();
    for (var checkpoint : checkpoints) {
      var outcome = Objects.requireNonNull(outcomes.get(checkpoint.id()));
      var added = outcome.added();
      if (added == null) {
        continue;
      }
      if (!checkpoint.parents().isEmpty()) {
        edges.put(checkpoint.id(), checkpoint.parents());
      }
      checkpoint
          .faults()
          .forEach((kind, evidence) ->
              found.add(
                  new NewFinding(
                      checkpoint.id(),
                      kind,
                      "checkpoint " + added.checkpoint().label(),
                      evidence)));
    }
    if (!edges.isEmpty()) {
      parents.attachToCheckpoints(runId, edges);
    }
    if (!found.isEmpty()) {
      findings.recordAll(runId, found);
    }
    return outcomes;
  }
}
