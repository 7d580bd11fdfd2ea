package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A version of a dataset to register; nothing of it ever changes. */
record CreateDatasetVersionRequest(
    @NotNull @Size(min = 1) @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
        String version,
    @NotNull @Size(min = 1, max = 100_000) List<@Valid @NotNull DatasetFileView> files,
    @Nullable @Size(max = 20_000) String description,
    @Schema(description = "Where the data came from") @Nullable @Size(max = 2_000) String source,
    @Nullable @Size(max = 200) String license,
    @Schema(description = "Digest of the tokenizer that made the tokens")
        @Nullable Sha256 tokenizerSha256,
    @Nullable @Min(0) Long tokens,
    @Nullable @Min(0) Long documents,
    @Nullable ObjectNode metadata) {}
