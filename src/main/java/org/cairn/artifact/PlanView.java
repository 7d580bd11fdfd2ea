package org.cairn.artifact;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A collection of what nothing needs. */
record PlanView(
    UUID id,
    PlanState state,
    @Schema(description = "The job that looks for it or deletes it") UUID job,
    @Schema(description = "Artifacts that nothing names") long artifacts,
    @Schema(description = "Other objects that nobody needs") long objects,
    @Schema(description = "Uploads that were never finished in the store") long uploads,
    @Schema(description = "Bytes of artifacts and objects") long bytes,
    @Schema(
            description =
                "Objects that the catalogue does not know and that are kept; with any, nobody but an administrator approves the plan")
        long unknown,
    @Schema(
            description =
                "Objects that prove that the catalogue is older than the bucket; with any, nothing is deleted until it has been rebuilt")
        long ahead,
    @Schema(description = "Things deleted so far") long swept,
    long sweptBytes,
    @Schema(description = "Things that turned out to be needed") long kept,
    @Schema(description = "Why it was cancelled") @Nullable String failure,
    Instant createdAt,
    @Schema(description = "Nothing is deleted before") @Nullable Instant sweepAfter,
    @Nullable Instant approvedAt,
    @Nullable Instant finishedAt) {}
