package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.access.ReadScope;
import org.cairn.run.ParentEdgeQueries.Edge;
import org.jspecify.annotations.Nullable;

/** Where segments and checkpoints come from: follows references, stores edges, reads them. */
@ApplicationScoped
public class ParentEdges {

  private final ParentReferences references;
  private final ParentEdgeRepository repository;
  private final ParentEdgeQueries queries;
  private final RunRefQueries runs;
  private final CheckpointLookup checkpoints;

  ParentEdges(
      ParentReferences references,
      ParentEdgeRepository repository,
      ParentEdgeQueries queries,
      RunRefQueries runs,
      CheckpointLookup checkpoints) {
    this.references = references;
    this.repository = repository;
    this.queries = queries;
    this.runs = runs;
    this.checkpoints = checkpoints;
  }

  /**
   * Follows the references of one request, in a bounded number of statements; one that leads
   * nowhere is refused as {@code parents[i].checkpoint}.
   */
  public List<ResolvedParent> resolve(RunRef run, @Nullable List<ParentRequest> parents) {
    return parents == null ? List.of() : resolve(parents, find(run, parents));
  }

  /**
   * The checkpoints that the references of any number of requests mean, each by its reference, in a
   * bounded number of statements.
   */
  public Map<String, CheckpointPosition> find(RunRef run, Collection<ParentRequest> parents) {
    return parents.isEmpty() ? Map.of() : references.find(run, parents);
  }

  /** The parents of one of these requests; one that leads nowhere is refused as in resolve. */
  public List<ResolvedParent> resolve(
      @Nullable List<ParentRequest> parents, Map<String, CheckpointPosition> found) {
    return parents == null ? List.of() : ParentReferences.resolve(parents, found);
  }

  /** Stores the edges of a new segment; part of the caller's transaction. */
  public void attachToSegment(UUID runId, UUID segmentId, List<ResolvedParent> parents) {
    repository.insert(runId, ParentEdgeRepository.Child.SEGMENT, Map.of(segmentId, parents));
  }

  /** Stores the edges of new checkpoints, in one statement of the caller's transaction. */
  public void attachToCheckpoints(UUID runId, Map<UUID, List<ResolvedParent>> parents) {
    repository.insert(runId, ParentEdgeRepository.Child.CHECKPOINT, parents);
  }

  /** The edges of these segments, in three statements; a segment without any is left out. */
  public Map<UUID, List<ParentView>> ofSegments(Collection<UUID> segmentIds, ReadScope scope) {
    return views(queries.ofSegments(segmentIds), scope);
  }

  /** The edges of these checkpoints, in three statements; one without any is left out. */
  public Map<UUID, List<ParentView>> ofCheckpoints(
      Collection<UUID> checkpointIds, ReadScope scope) {
    return views(queries.ofCheckpoints(checkpointIds), scope);
  }

  private Map<UUID, List<ParentView>> views(List<Edge> edges, ReadScope scope) {
    var parentIds = new HashSet<UUID>();
    for (var edge : edges) {
      if (edge.parentCheckpointId() != null) {
        parentIds.add(edge.parentCheckpointId());
      }
    }
    var parents = checkpoints.byIds(parentIds);
    var names = runs.byIds(parents.values().stream().map(CheckpointPosition::runId).toList());
    var views = new HashMap<UUID, List<ParentView>>();
    for (var edge : edges) {
      var parent =
          edge.parentCheckpointId() == null ? null : parents.get(edge.parentCheckpointId());
      var run = parent == null ? null : names.get(parent.runId());
      if (run == null || scope.sees(run.project(), run.isPrivate())) {
        views.computeIfAbsent(edge.childId(), id -> new ArrayList<>()).add(view(edge, parent, run));
      }
    }
    return views;
  }

  private static ParentView view(
      Edge edge, @Nullable CheckpointPosition parent, @Nullable RunRef run) {
    var external = edge.parentCheckpointId() == null;
    return new ParentView(
        edge.kind(),
        external ? null : edge.reference(),
        external ? edge.reference() : null,
        parent == null || run == null
            ? null
            : new ParentView.ParentCheckpoint(
                run.project(),
                run.name(),
                parent.label(),
                parent.stage(),
                parent.branch(),
                parent.step(),
                parent.segmentName()),
        edge.loads(),
        edge.coefficient(),
        edge.note());
  }
}
