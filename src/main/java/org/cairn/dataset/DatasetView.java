package org.cairn.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A dataset as clients see it. */
public record DatasetView(
    String project,
    String name,
    @Nullable String title,
    @Nullable String description,
    @Nullable String license,
    @JsonProperty("private") boolean isPrivate,
    ObjectNode metadata,
    Instant createdAt,
    Instant updatedAt) {}
