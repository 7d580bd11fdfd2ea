package org.cairn.importer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cairn.importer.CreateImportRequest.ImportedFile;
import org.jspecify.annotations.Nullable;

/**
 * An import as clients see it.
 *
 * @param run null where the files say their runs
 * @param job that does it, with its progress
 * @param changes how much of the catalogue it changed, or would change
 * @param findings how much it found
 * @param failure why it did not succeed
 */
record ImportView(
    UUID id,
    String project,
    @Nullable String run,
    ImportForm form,
    boolean dryRun,
    ImportOptions options,
    List<ImportedFile> files,
    UUID job,
    ImportState state,
    long changes,
    long findings,
    @Nullable String failure,
    Instant createdAt,
    @Nullable Instant finishedAt) {}
