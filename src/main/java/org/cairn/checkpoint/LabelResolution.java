package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.cairn.platform.ParsedLabel;
import org.cairn.platform.RoundedTokens;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a label says, and the checkpoints that it names or named. */
record LabelResolution(
    String label,
    @Schema(description = "What the label itself says, true or not; absent of an opaque one")
        @Nullable Said says,
    List<Match> matches,
    @Nullable String nextPageToken) {

  /** The parts of a label. */
  record Said(
      @Schema(description = "Name of the grammar that it follows") String grammar,
      @Nullable String repository,
      @Nullable String revision,
      String stage,
      String branch,
      @Nullable Long step,
      @Schema(
              description =
                  "updates, or checkpoints where the step is the number of a checkpoint of the run")
          ParsedLabel.Counts counts,
      @Schema(description = "Steps that were averaged, of a merged checkpoint")
          List<Long> mergedSteps,
      @Nullable SaidTokens tokens) {

    static Said of(ParsedLabel said) {
      var tokens = said.tokens();
      return new Said(
          said.grammar(),
          said.repository(),
          said.revision(),
          said.stage(),
          said.branch(),
          said.step(),
          said.counts(),
          said.merged(),
          tokens == null ? null : new SaidTokens(tokens.tokens(), tokens.unit()));
    }
  }

  /** Tokens as a label prints them. */
  record SaidTokens(
      long tokens, @Schema(description = "Tokens are rounded to multiples of this") long unit) {}

  /** A checkpoint and why it is meant. */
  record Match(
      String project,
      String run,
      String checkpoint,
      String stage,
      String branch,
      long step,
      @Nullable Long tokens,
      CheckpointState state,
      How how,
      @Schema(description = "Until when the label named it, of a former label")
          @Nullable Instant retiredAt,
      @Schema(
              description =
                  "By which rules its tokens are rounded to those that the label says; none where they are others; absent where"
                      + " the label says none or the tokens are not known")
          @Nullable Set<RoundedTokens.Rounding> rounding) {}

  /** Why a checkpoint is meant. */
  enum How {
    /** It has this label. */
    @JsonProperty("label")
    LABEL,
    /** It had this label, which was retired or went to another checkpoint. */
    @JsonProperty("former-label")
    FORMER_LABEL,
    /** What the label says is true of it. */
    @JsonProperty("spelling")
    SPELLING,
    /** It is what latest, terminal or a digest means in the run. */
    @JsonProperty("computed")
    COMPUTED
  }
}
