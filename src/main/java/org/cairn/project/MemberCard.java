package org.cairn.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a catalogue shows of a run or a dataset.
 *
 * @param tags what it can be filtered by
 * @param metadata what its owner says about it, in whatever fields
 * @param isPrivate whether it or its project is
 */
public record MemberCard(
    UUID id,
    String project,
    String name,
    @Nullable String description,
    @Nullable String license,
    @Nullable String citation,
    List<String> tags,
    JsonNode metadata,
    boolean isPrivate,
    Instant createdAt,
    Instant updatedAt) {}
