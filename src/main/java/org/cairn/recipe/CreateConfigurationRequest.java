package org.cairn.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A configuration to register: its bytes, what they resolve to, or both. */
record CreateConfigurationRequest(
    @NotNull
        @Size(min = 1, max = 200)
        @Pattern(regexp = "\\P{Cc}*", message = "has no control characters")
        String name,
    @Schema(description = "Digest of a verified artifact, parsed where resolved is absent")
        @Nullable Sha256 raw,
    @Nullable
        @Size(max = MediaTypes.MAX)
        @Pattern(regexp = MediaTypes.REGEX, message = MediaTypes.MESSAGE)
        String rawMediaType,
    @Nullable ObjectNode resolved) {}
