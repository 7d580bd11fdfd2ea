package org.cairn.importer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Files to read into the catalogue, uploaded before; or to look at only. */
record CreateImportRequest(
    @NotNull ImportForm form,
    @NotNull @Pattern(regexp = Names.SLUG, message = Names.SLUG_MESSAGE) String project,
    @Schema(
            description =
                "Run that all files are of, made where it is not there. Where left out, each file says"
                    + " its run: by its columns, or by its own name without ending. A file with several"
                    + " runs has them as RUN-NAME.")
        @Nullable
        @Pattern(regexp = Names.SLUG, message = Names.SLUG_MESSAGE)
        String run,
    @Schema(
            description =
                "Whether nothing is to be changed: what would be, and what is found, is told")
        @Nullable Boolean dryRun,
    @Nullable @Size(max = CreateImportRequest.FILES_MAX) List<@NotNull @Valid ImportedFile> files,
    @Nullable @Valid ImportOptions options) {

  /** Most files of an import. */
  static final int FILES_MAX = 2_000;

  /** A file as it was published. */
  @Schema(name = "ImportedFile")
  record ImportedFile(
      @Schema(
              description =
                  "Name by which findings tell it; a listing is the newer one of a listing whose name is"
                      + " the same, folders aside")
          @NotNull
          @Size(min = 1, max = 500)
          @Pattern(regexp = "\\P{Cc}+", message = "has no control characters")
          String name,
      @Schema(description = "Digest of a verified artifact") @NotNull Sha256 sha256) {}
}
