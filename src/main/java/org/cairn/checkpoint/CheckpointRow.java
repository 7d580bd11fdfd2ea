package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** A checkpoint as it lies in the catalogue, without what hangs on it. */
record CheckpointRow(
    UUID id,
    UUID runId,
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
    CheckpointState state,
    String label,
    @Nullable Instant takenAt,
    JsonNode metadata,
    @Nullable String sealFailure,
    @Nullable Instant sealedAt,
    @Nullable Sha256 manifestDigest,
    @Nullable Sha256 weightsDigest,
    @Nullable Sha256 looseWeightsDigest,
    Instant createdAt,
    long version) {}
