package org.cairn.artifact;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A pass over everything that is stored. */
record ScrubView(
    UUID id,
    ScrubState state,
    @Schema(description = "The job that reads; cancel that to stop") UUID job,
    @Schema(description = "Objects read so far") long objects,
    @Schema(description = "Bytes read so far") long bytes,
    @Schema(description = "Bytes of all artifacts when the pass began") long totalBytes,
    @Schema(description = "Objects that were found to be damaged") long damaged,
    @Schema(description = "Objects that were damaged and are right again, or were put back")
        long healed,
    @Schema(description = "Objects that the store has and does not give out") long unreadable,
    @Schema(description = "Why it was cancelled") @Nullable String failure,
    Instant createdAt,
    @Nullable Instant finishedAt) {}
