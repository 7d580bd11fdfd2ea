package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A segment to register. */
record CreateSegmentRequest(
    @NotNull @Size(min = 1) @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE) String name,
    @Schema(description = "Place in the run; after the last one where absent")
        @Nullable
        @Min(0)
        @Max(1_000_000)
        Integer ordinal,
    @Nullable @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE) String stage,
    @Nullable @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE) String branch,
    @Schema(description = "Of the step counter of (stage, branch)") @Nullable @Min(0)
        Long startStep,
    @Nullable @Min(0) Long endStep,
    @Nullable UUID configuration,
    @Schema(description = "repository, commit, dirty, patch and what else tells the code")
        @Nullable ObjectNode code,
    @Nullable ObjectNode environment,
    @Nullable ObjectNode hardware,
    @Nullable @Min(1) Long worldSize,
    @Nullable @Size(max = 1_000) List<@NotNull @Size(max = 8_192) String> argv,
    @Nullable @Size(max = 64) Map<@Size(min = 1, max = 100) String, @NotNull Long> seeds,
    @Schema(description = "Counted from step 0 of (stage, branch); the run's where absent")
        @Nullable
        @Size(min = 1, max = BatchSchedule.MAX_POINTS)
        List<@Valid @NotNull BatchPoint> batchSchedule,
    @Valid @Nullable DataOrder dataOrder,
    @Nullable @Size(max = 64)
        Map<@Size(min = 1, max = 100) String, @NotNull @Size(max = 2_000) String> externalIds,
    @Valid @Nullable BeforeClaim before,
    @Nullable @Size(max = ParentRequest.MAX) List<@Valid @NotNull ParentRequest> parents,
    @Nullable ObjectNode metadata) {}
