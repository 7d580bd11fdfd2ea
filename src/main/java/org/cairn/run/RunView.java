package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as clients see it. */
record RunView(
    String project,
    String name,
    @Nullable String title,
    @Nullable String description,
    @Nullable String family,
    Map<String, JsonNode> axes,
    RunStatus status,
    @Nullable String license,
    @Nullable String citation,
    @Nullable List<BatchPoint> batchSchedule,
    @Nullable List<ScheduleRule> checkpointSchedule,
    @JsonProperty("private") boolean isPrivate,
    ObjectNode metadata,
    Instant createdAt,
    Instant updatedAt) {}
