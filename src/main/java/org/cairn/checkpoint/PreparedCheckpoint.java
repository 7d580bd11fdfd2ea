package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.run.ResolvedParent;
import org.jspecify.annotations.Nullable;

/** A request that was checked and completed: everything that its rows need. */
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
    @Nullable JsonNode countsFinding) {

  /** The same checkpoint under another primary label. */
  PreparedCheckpoint labelled(String other) {
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
        other,
        labelChosen,
        labels,
        takenAt,
        metadata,
        files,
        parents,
        countsFinding);
  }
}
