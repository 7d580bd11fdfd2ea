package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.access.ReadScope;
import org.cairn.api.RegistryException;
import org.cairn.dataset.DatasetVersionService;
import org.cairn.recipe.ConfigurationService;
import org.jspecify.annotations.Nullable;

/** What a segment refers to: its parents and what they had read, its configuration, its data. */
@ApplicationScoped
class SegmentReferences {

  private final ParentEdges edges;
  private final SegmentQueries segments;
  private final ConfigurationService configurations;
  private final DatasetVersionService datasets;

  SegmentReferences(
      ParentEdges edges,
      SegmentQueries segments,
      ConfigurationService configurations,
      DatasetVersionService datasets) {
    this.edges = edges;
    this.segments = segments;
    this.configurations = configurations;
    this.datasets = datasets;
  }

  /** Refuses a configuration or dataset version that is not there. */
  void check(RunRef run, CreateSegmentRequest request) {
    var configuration = request.configuration();
    if (configuration != null && !configurations.exists(run.project(), configuration)) {
      throw RegistryException.invalid(
          "configuration", "is no configuration of " + run.project() + ": " + configuration);
    }
    var version = request.dataOrder() == null ? null : request.dataOrder().datasetVersion();
    if (version != null && !datasets.exists(version)) {
      throw RegistryException.invalid(
          "dataOrder.datasetVersion",
          "is no version of a dataset here, as project/dataset@version: " + version);
    }
  }

  List<ResolvedParent> resolve(RunRef run, @Nullable List<ParentRequest> parents) {
    return edges.resolve(run, parents);
  }

  void attach(UUID runId, UUID segmentId, List<ResolvedParent> parents) {
    edges.attachToSegment(runId, segmentId, parents);
  }

  List<ParentView> viewsOf(UUID segmentId, ReadScope scope) {
    return viewsOf(List.of(segmentId), scope).getOrDefault(segmentId, List.of());
  }

  Map<UUID, List<ParentView>> viewsOf(Collection<UUID> segmentIds, ReadScope scope) {
    return edges.ofSegments(segmentIds, scope);
  }

  List<SegmentStart.Parent> countsOf(
      RunRef run, CreateSegmentRequest request, List<ResolvedParent> parents) {
    var ids = new HashSet<UUID>();
    for (var parent : parents) {
      if (parent.checkpoint() != null && parent.checkpoint().segmentId() != null) {
        ids.add(parent.checkpoint().segmentId());
      }
    }
    var facts = new HashMap<UUID, SegmentFacts>();
    segments.factsOf(ids).forEach(segment -> facts.put(segment.id(), segment));
    return parents.stream().map(parent -> counts(run, request, parent, facts)).toList();
  }

  private static SegmentStart.Parent counts(
      RunRef run,
      CreateSegmentRequest request,
      ResolvedParent parent,
      Map<UUID, SegmentFacts> segments) {
    var checkpoint = parent.checkpoint();
    if (checkpoint == null) {
      return new SegmentStart.Parent(parent.request().kind(), false, null, null);
    }
    var sameCounter =
        checkpoint.runId().equals(run.id())
            && checkpoint.stage().equals(Objects.requireNonNullElse(request.stage(), ""))
            && checkpoint.branch().equals(Objects.requireNonNullElse(request.branch(), ""));
    return new SegmentStart.Parent(
        parent.request().kind(),
        sameCounter,
        checkpoint.step(),
        new Counts(
            checkpoint.position(),
            checkpoint.tokens(),
            checkpoint.sequences(),
            checkpoint.totalTokens(),
            totalSequences(checkpoint, segments)));
  }

  /** Checkpoints keep the sequences of their counter only; the chain's follow from the segment. */
  private static @Nullable Long totalSequences(
      CheckpointPosition checkpoint, Map<UUID, SegmentFacts> segments) {
    var segment = checkpoint.segmentId() == null ? null : segments.get(checkpoint.segmentId());
    if (segment == null) {
      return checkpoint.position() == checkpoint.step() ? checkpoint.sequences() : null;
    }
    return segment.covers(checkpoint.step())
        ? segment.at(checkpoint.step()).totalSequences()
        : null;
  }
}
