package org.cairn.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A checkpoint as lineage sees it; {@code label} is its primary one. */
public record CheckpointPosition(
    UUID id,
    UUID runId,
    @Nullable UUID segmentId,
    @Nullable String segmentName,
    String label,
    String stage,
    String branch,
    long step,
    long position,
    @Nullable Long tokens,
    @Nullable Long sequences,
    @Nullable Long totalTokens) {}
