package org.cairn.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A dataset to register; its name is for ever. */
record CreateDatasetRequest(
    @NotNull @Pattern(regexp = Names.SLUG, message = Names.SLUG_MESSAGE) String name,
    @Nullable @Size(max = 200) String title,
    @Nullable @Size(max = 20_000) String description,
    @Nullable @Size(max = 200) String license,
    @Schema(description = "Whether only those with a role in the project see it")
        @JsonProperty("private")
        @Nullable Boolean isPrivate,
    @Nullable ObjectNode metadata) {}
