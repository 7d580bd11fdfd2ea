package org.cairn.project;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A project as clients see it. */
public record ProjectView(
    String name,
    @Nullable String title,
    @Nullable String description,
    @JsonProperty("private") boolean isPrivate,
    ObjectNode metadata,
    Instant createdAt,
    Instant updatedAt) {}
