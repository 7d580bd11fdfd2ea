package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.run.ParentView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A checkpoint as clients see it: what was claimed and what was computed stand side by side. */
record CheckpointView(
    String project,
    String run,
    String label,
    List<String> labels,
    String stage,
    String branch,
    long step,
    @Nullable String segment,
    @Schema(description = "Cumulative step along the chain of parents") long position,
    @Schema(description = "Tokens by the batch schedule; as claimed where there is no schedule")
        @Nullable Long tokens,
    @Nullable Long sequences,
    @Schema(description = "Tokens along the chain of parents, where all of it is known")
        @Nullable Long totalTokens,
    @Nullable Claimed claimed,
    CheckpointKind kind,
    WeightsKind weightsKind,
    Map<Component, ComponentState> components,
    JsonNode representations,
    CheckpointState state,
    @Schema(description = "Why the last attempt to seal it failed") @Nullable String sealFailure,
    @Nullable Instant takenAt,
    Instant createdAt,
    @Nullable Instant sealedAt,
    @Schema(description = "SHA-256 of the canonical manifest, once sealed")
        @Nullable Sha256 manifestDigest,
    @Schema(
            description =
                "Digest of the tensors whatever their layout, once sealed: SHA-256 of the canonical JSON of their names, dtypes,"
                    + " shapes and digests, sorted by name. Null where the weights are not whole safetensors files")
        @Nullable Sha256 weightsDigest,
    @Schema(description = "The same with every negative zero taken for a positive one")
        @Nullable Sha256 looseWeightsDigest,
    List<ParentView> parents,
    JsonNode metadata,
    long fileCount,
    @Schema(description = "Sum of the files' sizes in bytes") long totalSize,
    @Schema(description = "With include=files") @Nullable List<CheckpointFileView> files) {

  /** Counts as the producer gave them. */
  record Claimed(@Nullable Long tokens, @Nullable Long sequences) {}
}
