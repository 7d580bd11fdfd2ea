package org.cairn.run;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A parent edge: what the producer wrote, and the checkpoint that it means here. */
public record ParentView(
    EdgeKind kind,
    @Nullable String checkpoint,
    @Nullable String external,
    @Schema(description = "The checkpoint of this registry, by its names of today")
        @Nullable ParentCheckpoint resolved,
    @Nullable Loads loads,
    @Nullable Double coefficient,
    @Nullable String note) {

  /** A parent that is in this registry. */
  public record ParentCheckpoint(
      String project,
      String run,
      String label,
      String stage,
      String branch,
      long step,
      @Schema(description = "The segment that saved it") @Nullable String segment) {}
}
