package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A dataset version as clients see it. */
public record DatasetVersionView(
    String project,
    String dataset,
    String version,
    @Schema(description = "SHA-256 of the canonical JSON of the list of files, sorted by path")
        Sha256 digest,
    long fileCount,
    @Schema(description = "Of all files; absent where the size of one is unknown")
        @Nullable Long totalSize,
    @Nullable String description,
    @Nullable String source,
    @Nullable String license,
    @Nullable Sha256 tokenizerSha256,
    @Nullable Long tokens,
    @Nullable Long documents,
    ObjectNode metadata,
    Instant createdAt) {}
