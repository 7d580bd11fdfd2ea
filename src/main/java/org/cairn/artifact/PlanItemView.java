package org.cairn.artifact;

import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One thing of a plan. */
record PlanItemView(
    @Schema(description = "Where it lies in the bucket") String key,
    @Schema(
            description =
                "Why it is here: unreferenced, orphan, abandoned and stale-upload are deleted,"
                    + " unknown and ahead are kept")
        PlanReason reason,
    @Nullable Sha256 sha256,
    @Schema(description = "In bytes") @Nullable Long size,
    @Schema(
            description =
                "swept, or kept because something names or needs it after all; absent before")
        @Nullable String outcome) {}
