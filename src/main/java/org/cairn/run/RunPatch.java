package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What may change of a run; a field left out stays as it is. */
record RunPatch(
    @Nullable @Size(max = 200) String title,
    @Nullable @Size(max = 20_000) String description,
    @Nullable @Size(min = 1, max = 200) String family,
    @Nullable @Size(max = 64) Map<@Size(min = 1, max = 100) String, JsonNode> axes,
    @Nullable RunStatus status,
    @Nullable @Size(max = 200) String license,
    @Nullable @Size(max = 10_000) String citation,
    @Schema(
            description =
                "May say something else only of steps that nothing was recorded at or after")
        @Nullable
        @Size(min = 1, max = BatchSchedule.MAX_POINTS)
        List<@Valid @NotNull BatchPoint> batchSchedule,
    @Nullable @Size(min = 1, max = 1_000) List<@Valid @NotNull ScheduleRule> checkpointSchedule,
    @Schema(description = "Whether only those with a role in the project see it")
        @JsonProperty("private")
        @Nullable Boolean isPrivate,
    @Nullable ObjectNode metadata) {}
