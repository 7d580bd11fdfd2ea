package org.cairn.importer;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the files do not say themselves. */
record ImportOptions(
    @Schema(description = "Stage of the checkpoints of a listing that has no such column")
        @Nullable
        @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
        String stage,
    @Schema(description = "Branch of the checkpoints of a listing that has no such column")
        @Nullable
        @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
        String branch,
    @Schema(
            description =
                "What a model card or paper says of settings, such as learningRate, precision, seed,"
                    + " sequencesPerStep or sequenceLength: compared with configurations")
        @Nullable
        @Size(max = 64)
        Map<@Size(min = 1, max = 100) String, @NotNull @Size(min = 1, max = 200) String> claims,
    @Schema(description = "Where these claims are made, such as README.md")
        @Nullable
        @Size(min = 1, max = 500)
        String claimedIn,
    @Schema(
            description =
                "Labels of checkpoints that say tokens: compared with the batch of configurations")
        @Nullable
        @Size(max = 10_000)
        List<@NotNull @Size(min = 1, max = Names.LABEL_MAX) String> labels,
    @Schema(
            description =
                "Updates whose learning rate was zero: equal weights or results across them are"
                    + " explained. Known by itself where an imported configuration of GPT-NeoX warms up.")
        @Nullable
        @Size(max = 10_000)
        List<@NotNull @PositiveOrZero Long> restingSteps,
    @Schema(
            description = "Address of a server of the Hub's protocol, for the form hub",
            defaultValue = "https://huggingface.co")
        @Nullable
        @Pattern(regexp = "https?://[^\\s?#]{1,500}", message = "must be an http or https address")
        String endpoint,
    @Schema(description = "Owner and name of the repository, for the form hub")
        @Nullable
        @Pattern(
            regexp = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/[A-Za-z0-9_][A-Za-z0-9._-]{0,95}",
            message = "must be OWNER/NAME")
        String repository) {

  static final ImportOptions NONE =
      new ImportOptions(null, null, null, null, null, null, null, null);

  Set<Long> resting() {
    return restingSteps == null ? Set.of() : Set.copyOf(restingSteps);
  }
}
