package org.cairn.checkpoint;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileRoles;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A file of a checkpoint; its bytes may arrive before or after, at the latest when it is sealed. A
 * role that is left out is the one that files of its name have by convention.
 */
record FileRequest(
    @NotNull @Size(min = 1, max = Names.PATH_MAX) String path,
    @NotNull Sha256 sha256,
    @Schema(description = "In bytes") @NotNull @PositiveOrZero Long size,
    @Nullable FileRole role,
    @Nullable
        @Size(max = MediaTypes.MAX)
        @Pattern(regexp = MediaTypes.REGEX, message = MediaTypes.MESSAGE)
        String mediaType,
    @Schema(description = "Format of the weights that this file is part of, such as hf-safetensors")
        @Nullable
        @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
        String representation) {

  /** The request with every default filled in. */
  FileRequest normalised() {
    return new FileRequest(
        path,
        sha256,
        size,
        role == null ? Wire.parse(FileRole.class, FileRoles.role(path)) : role,
        mediaType == null ? MediaTypes.DEFAULT : mediaType,
        representation);
  }

  FileEntry entry() {
    return new FileEntry(path, sha256, size, mediaType);
  }
}
