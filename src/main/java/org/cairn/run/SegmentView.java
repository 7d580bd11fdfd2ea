package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A segment as clients see it. */
record SegmentView(
    String project,
    String run,
    String name,
    int ordinal,
    String stage,
    String branch,
    long startStep,
    @Nullable Long endStep,
    @Nullable UUID configuration,
    @Nullable ObjectNode code,
    @Nullable ObjectNode environment,
    @Nullable ObjectNode hardware,
    @Nullable Long worldSize,
    @Nullable List<String> argv,
    @Nullable Map<String, Long> seeds,
    @Nullable List<BatchPoint> batchSchedule,
    @Nullable DataOrder dataOrder,
    @Nullable Map<String, String> externalIds,
    @Schema(description = "Along the chain of parents: computed where it can be, or else claimed")
        BeforeClaim before,
    @Schema(description = "What the producer claimed, where it claimed anything")
        @Nullable BeforeClaim claimedBefore,
    @Schema(description = "Of the counter of (stage, branch) at startStep, where it is known")
        @Nullable Long tokensAtStart,
    @Nullable Long sequencesAtStart,
    List<ParentView> parents,
    ObjectNode metadata,
    Instant createdAt,
    Instant updatedAt) {}
