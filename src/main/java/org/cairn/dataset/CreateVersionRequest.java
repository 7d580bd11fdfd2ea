package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A version of a dataset: its files, for ever. */
record CreateVersionRequest(
    @NotNull @Pattern(regexp = Names.SLUG, message = Names.SLUG_MESSAGE) String version,
    @NotNull @Size(min = 1, max = CreateVersionRequest.FILES_MAX)
        List<@NotNull @Valid DataFile> files,
    @Nullable @Size(max = 20_000) String description,
    @Schema(description = "Where the data came from") @Nullable @Size(max = 2_000) String source,
    @Nullable @Size(max = 200) String license,
    @Schema(description = "The tokenizer that the token counts are of")
        @Nullable Sha256 tokenizerSha256,
    @Nullable @PositiveOrZero Long tokens,
    @Nullable @PositiveOrZero Long documents,
    @Nullable ObjectNode metadata) {

  /** Most files of one version. */
  static final int FILES_MAX = 100_000;

  /**
   * A file of a version: stored here under its digest, declared by reference to another place, or
   * withheld with a reason.
   */
  record DataFile(
      @NotNull @Size(min = 1, max = Names.PATH_MAX) String path,
      @Schema(description = "Of the bytes; those of a stored file have to be uploaded before")
          @Nullable Sha256 sha256,
      @Schema(description = "In bytes") @Nullable @PositiveOrZero Long size,
      @Nullable @Pattern(regexp = MediaTypes.REGEX, message = MediaTypes.MESSAGE) @Size(max = 200)
          String mediaType,
      @Nullable @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,63}") String role,
      @Nullable @PositiveOrZero Long tokens,
      @Nullable @PositiveOrZero Long documents,
      @Schema(description = "Address of a file that is not stored here")
          @Nullable
          @Size(min = 1, max = 2_000)
          String location,
      @Schema(description = "Why a file is neither here nor elsewhere")
          @Nullable
          @Size(min = 1, max = 2_000)
          String withheldReason) {

    /** Whether the bytes are this registry's to serve. */
    boolean stored() {
      return location == null && withheldReason == null;
    }
  }
}
