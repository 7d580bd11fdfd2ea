package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a segment has of its parents: their edges, and what they had read. */
@ApplicationScoped
class SegmentParents {

  private final ParentEdges edges;
  private final SegmentQueries segments;

  SegmentParents(ParentEdges edges, SegmentQueries segments) {
    this.edges = edges;
    this.segments = segments;
  }

  List<ResolvedParent> resolve(RunRef run, @Nullable List<ParentRequest> parents) {
    return edges.resolve(run, parents);
  }

  void attach(UUID runId, UUID segmentId, List<ResolvedParent> parents) {
    edges.attachToSegment(runId, segmentId, parents);
  }

  List<ParentView> viewsOf(UUID segmentId) {
    return viewsOf(List.of(segmentId)).getOrDefault(segmentId, List.of());
  }

  Map<UUID, List<ParentView>> viewsOf(Collection<UUID> segmentIds) {
    return edges.ofSegments(segmentIds);
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
