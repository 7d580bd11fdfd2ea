package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Names;
import org.cairn.run.ParentRequest;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A checkpoint to register as a draft. */
record CheckpointRequest(
    @Schema(description = "Stage of training, such as stage2; empty where the run has one")
        @Nullable
        @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
        String stage,
    @Schema(description = "Branch of the stage, such as ingredient3; empty where the stage has one")
        @Nullable
        @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
        String branch,
    @Schema(description = "Optimizer updates done, by the counter of this stage and branch")
        @NotNull
        @PositiveOrZero
        Long step,
    @Schema(
            description =
                "Name of the segment that saved it; found by stage, branch and step where left out")
        @Nullable
        @Size(max = 96)
        String segment,
    @Schema(description = "Tokens seen, as the producer claims") @Nullable @PositiveOrZero
        Long tokens,
    @Schema(description = "Sequences seen, as the producer claims") @Nullable @PositiveOrZero
        Long sequences,
    @Nullable CheckpointKind kind,
    @Nullable WeightsKind weightsKind,
    @Nullable @Size(max = 5) Map<Component, @NotNull ComponentState> components,
    @Nullable @Size(max = 16) List<@NotNull @Valid Representation> representations,
    @Schema(description = "Primary label; [stage-][branch-]step{N} where left out")
        @Nullable
        @Size(max = Names.LABEL_MAX)
        String label,
    @Schema(description = "Further labels: other spellings, addresses") @Nullable @Size(max = 64)
        List<@NotNull @Size(max = Names.LABEL_MAX) String> labels,
    @Schema(description = "When training saved it") @Nullable Instant takenAt,
    @Nullable @Size(max = 64) List<@NotNull @Valid ParentRequest> parents,
    @Nullable @Size(max = CheckpointRequest.FILES_MAX) List<@NotNull @Valid FileRequest> files,
    @Schema(description = "Free-form; at most 64 KiB and 16 levels")
        @Nullable ObjectNode metadata) {

  /** Most files of one checkpoint: a thousand shards and their optimizer twins fit many times. */
  static final int FILES_MAX = 20_000;

  /** One format of the checkpoint's weights. */
  record Representation(
      @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}") String format,
      @Nullable @Valid Converter converter) {}

  /** The program that made a representation out of another one. */
  record Converter(
      @NotNull @Size(min = 1, max = 200) String tool, @Nullable @Size(max = 200) String commit) {}
}
