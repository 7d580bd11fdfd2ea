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
import org.cairn.run.NewFinding;
import org.cairn.run.ParentEdges;
import org.cairn.run.ParentRequest;
import org.cairn.run.ResolvedParent;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.cairn.run.SegmentService;
import org.jspecify.annotations.Nullable;

/**
 * Puts checkpoints into the catalogue with all that hangs on them, any number in a bounded number
 * of statements; the caller's transaction holds them together.
 */
@ApplicationScoped
class CheckpointRegistrar {

  private final RunService runs;
  private final SegmentService segments;
  private final CheckpointPreparation preparation;
  private final CheckpointRows rows;
  private final ParentEdges parents;
  private final FindingService findings;

  CheckpointRegistrar(
      RunService runs,
      SegmentService segments,
      CheckpointPreparation preparation,
      CheckpointRows rows,
      ParentEdges parents,
      FindingService findings) {
    this.runs = runs;
    this.segments = segments;
    this.preparation = preparation;
    this.rows = rows;
    this.parents = parents;
    this.findings = findings;
  }

  /** What became of a request: a new checkpoint and its label, or why there is none. */
  record Outcome(@Nullable UUID id, @Nullable String label, @Nullable RegistryException refused) {}

  /** Registers each of these requests wholly or not at all; the outcomes are in their order. */
  List<Outcome> register(RunRef run, List<CheckpointRequest> requests) {
    // Counts follow from the schedule, and two streams with the same steps in another order would
    // wait for each other.
    runs.hold(run.id());
    var context = new RunContext(run, segments.segmentsOf(run.id()), runs.counter(run.id()));
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
        outcomes.set(i, new Outcome(null, null, e));
      }
    }
    var inserted = insert(run.id(), List.copyOf(prepared.values()));
    prepared.forEach((i, checkpoint) -> {
      var row = Objects.requireNonNull(inserted.get(checkpoint.id()));
      outcomes.set(
          i,
          row.conflict() == null
              ? new Outcome(checkpoint.id(), row.label(), null)
              : new Outcome(
                  null, null, RegistryException.conflict("There is already a " + row.conflict())));
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
      if (outcome.conflict() != null) {
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
                      checkpoint.id(), kind, "checkpoint " + outcome.label(), evidence)));
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
