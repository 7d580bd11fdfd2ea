package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.cairn.run.ResolvedParent;
import org.jspecify.annotations.Nullable;

/**
 * A request that was checked and completed: everything that its rows need.
 *
 * @param faults evidence by class of finding: what was said is kept, and does not fit
 */
record PreparedCheckpoint(
    UUID id,
    @Nullable UUID segmentId,
    @Nullable String segmentName,
    String stage,
    String branch,
    long step,
    long position,
    @Nullable Long tokens,
    @Nullable Long sequences,
    @Nullable Long totalTokens,
    @Nullable Long claimedTokens,
    @Nullable Long claimedSequences,
    CheckpointKind kind,
    WeightsKind weightsKind,
    Map<Component, ComponentState> components,
    JsonNode representations,
    String label,
    boolean labelChosen,
    List<String> labels,
    @Nullable Instant takenAt,
    JsonNode metadata,
    List<FileRequest> files,
    List<ResolvedParent> parents,
    Map<String, JsonNode> faults) {

  /** The primary label and the others. */
  List<String> allLabels() {
    return Stream.concat(Stream.of(label), labels.stream()).distinct().toList();
  }

  /** Whether another checkpoint of that step may rightly have the same default label. */
  boolean isLabelledByStep() {
    return !labelChosen && segmentName != null && !label.endsWith("-" + segmentName);
  }

  /** Two launches that saved the same step: the second one is told apart by its segment. */
  PreparedCheckpoint labelledBySegment() {
    return new PreparedCheckpoint(
        id,
        segmentId,
        segmentName,
        stage,
        branch,
        step,
        position,
        tokens,
        sequences,
        totalTokens,
        claimedTokens,
        claimedSequences,
        kind,
        weightsKind,
        components,
        representations,
        label + "-" + segmentName,
        labelChosen,
        labels,
        takenAt,
        metadata,
        files,
        parents,
        faults);
  }
}
