package org.cairn.project;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What may change of a project; a field left out stays as it is. */
record ProjectPatch(
    @Nullable @Size(max = 200) String title,
    @Nullable @Size(max = 20_000) String description,
    @Schema(
            description =
                "Whether only those with a role in the project see it, and all that is in it")
        @JsonProperty("private")
        @Nullable Boolean isPrivate,
    @Nullable ObjectNode metadata) {}
