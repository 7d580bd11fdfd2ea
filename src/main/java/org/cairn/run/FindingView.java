package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A finding as clients see it. */
record FindingView(
    UUID id,
    @JsonProperty("class") String findingClass,
    String subject,
    JsonNode evidence,
    FindingStatus status,
    @Nullable String explanation,
    @Nullable JsonNode explanationEvidence,
    @Nullable String checkpoint,
    Instant createdAt,
    Instant updatedAt) {}
