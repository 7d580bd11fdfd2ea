package org.cairn.access;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A token to make: of an administrator, or with roles in projects. */
record CreateTokenRequest(
    @NotNull @Pattern(regexp = Names.SLUG, message = Names.SLUG_MESSAGE) String name,
    @Schema(description = "May do everything, and make tokens") @Nullable Boolean administrator,
    @Nullable @Size(max = 200) List<@Valid @NotNull Grant> grants,
    @Schema(description = "When it ends to be valid; never where this is left out")
        @Nullable Instant expiresAt) {}
