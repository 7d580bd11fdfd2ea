package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A version of a dataset as clients see it; its files have a listing of their own. */
record VersionView(
    String project,
    String dataset,
    String version,
    @Schema(description = "SHA-256 over the canonical JSON of the files, sorted by path")
        Sha256 digest,
    @Nullable String description,
    @Nullable String source,
    @Nullable String license,
    @Nullable Sha256 tokenizerSha256,
    @Nullable Long tokens,
    @Nullable Long documents,
    ObjectNode metadata,
    long fileCount,
    @Schema(description = "Sum of the sizes that are known, in bytes") long totalSize,
    Instant createdAt) {}
