package org.cairn.dataset;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A file of a dataset version, as it is declared and as it is answered. Either its bytes are here
 * (sha256 alone), or they are elsewhere (location), or they cannot be had (withheldReason); of the
 * latter two the digest tells what they are, where anybody knows it.
 */
record DatasetFileView(
    @NotNull @Size(min = 1, max = Names.PATH_MAX) String path,
    @Nullable Sha256 sha256,
    @Nullable @Min(0) Long size,
    @Nullable
        @Size(max = MediaTypes.MAX)
        @Pattern(regexp = MediaTypes.REGEX, message = MediaTypes.MESSAGE)
        String mediaType,
    @Nullable
        @Pattern(
            regexp = "[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?",
            message = "must be 1 to 64 of a-z 0-9 -")
        String role,
    @Nullable @Min(0) Long tokens,
    @Nullable @Min(0) Long documents,
    @Schema(description = "Where the bytes are, if not here; never fetched")
        @Nullable
        @Size(min = 1, max = 2_048)
        String location,
    @Schema(description = "Why nobody can have the bytes") @Nullable @Size(min = 1, max = 2_000)
        String withheldReason) {

  /** Whether the bytes should be in this registry. */
  boolean isStored() {
    return sha256 != null && location == null && withheldReason == null;
  }

  DatasetFileView withSize(@Nullable Long known) {
    return new DatasetFileView(
        path,
        sha256,
        size == null ? known : size,
        mediaType,
        role,
        tokens,
        documents,
        location,
        withheldReason);
  }
}
