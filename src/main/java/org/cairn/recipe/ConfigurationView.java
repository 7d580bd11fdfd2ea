package org.cairn.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A configuration as clients see it. */
public record ConfigurationView(
    UUID id,
    String name,
    @Nullable Sha256 raw,
    @Nullable String rawMediaType,
    @Schema(description = "Left out of listings") @Nullable ObjectNode resolved,
    @Schema(description = "SHA-256 of the canonical JSON of resolved") @Nullable Sha256 digest,
    @Schema(description = "Why raw says nothing, where it does") @Nullable String parseError,
    Instant createdAt) {}
