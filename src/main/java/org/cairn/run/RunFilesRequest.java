package org.cairn.run;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** Files to add to a run, or to replace where their paths are taken. */
record RunFilesRequest(
    @NotNull @Size(min = 1, max = 10_000) List<@Valid @NotNull RunFileRequest> files) {

  /** One file, by the digest of its bytes. */
  record RunFileRequest(
      @NotNull @Size(min = 1, max = Names.PATH_MAX) String path,
      @NotNull Sha256 sha256,
      @NotNull @Min(0) Long size,
      @Nullable
          @Pattern(
              regexp = "[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?",
              message = "must be 1 to 64 of a-z 0-9 -")
          String role,
      @Nullable
          @Size(max = MediaTypes.MAX)
          @Pattern(regexp = MediaTypes.REGEX, message = MediaTypes.MESSAGE)
          String mediaType) {}
}
