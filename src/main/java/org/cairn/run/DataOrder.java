package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.cairn.api.Metadata;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * In which order sequences were read: a file that lists them, or the recipe that makes the list.
 */
record DataOrder(
    @NotNull Kind kind,
    @Schema(description = "Digest of the index file") @Nullable Sha256 sha256,
    @Schema(description = "Type of the index file's numbers, such as uint32")
        @Nullable
        @Pattern(regexp = "[A-Za-z0-9_<>=|-]{1,32}")
        String dtype,
    @Schema(description = "Numbers in the index file") @Nullable @Min(0) Long count,
    @Nullable @Min(1) Long sequencesPerRow,
    @Schema(
            description =
                "Everything that the order depends on: algorithm, seed, epoch, world size")
        @Nullable ObjectNode recipe,
    @Schema(description = "project/dataset@version") @Nullable @Size(max = 400)
        String datasetVersion) {

  /** How an order is given. */
  public enum Kind {
    INDEX,
    RECIPE;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void check() {
    if (kind == Kind.INDEX && sha256 == null) {
      throw RegistryException.invalid("dataOrder.sha256", "is needed for an index");
    }
    if (kind == Kind.RECIPE && recipe == null) {
      throw RegistryException.invalid("dataOrder.recipe", "is needed for a recipe");
    }
    Metadata.check("dataOrder.recipe", recipe);
  }
}
