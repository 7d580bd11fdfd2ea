package org.cairn.run;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a segment or checkpoint comes from: exactly one of {@code checkpoint} and external. */
public record ParentRequest(
    @NotNull EdgeKind kind,
    @Schema(description = "A label of the same run, or project/run@label")
        @Nullable
        @Size(min = 1, max = 720)
        String checkpoint,
    @Schema(description = "What it is, where it is not in this registry")
        @Nullable
        @Size(min = 1, max = 2_000)
        String external,
    @Nullable Loads loads,
    @Schema(description = "Its weight in a merge") @Nullable Double coefficient,
    @Nullable @Size(max = 4_000) String note) {

  /** Most parents of one segment or checkpoint. */
  public static final int MAX = 1_000;
}
