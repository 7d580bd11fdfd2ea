package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may change of a segment; a field left out stays as it is. */
record SegmentPatch(
    @Nullable @Min(0) Long endStep,
    @Nullable @Size(max = 64)
        Map<@Size(min = 1, max = 100) String, @NotNull @Size(max = 2_000) String> externalIds,
    @Nullable ObjectNode metadata) {}
