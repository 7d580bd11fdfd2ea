package org.cairn.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.checkpoint.CheckpointCommitQueries.AtStep;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;

/** A label within a run that says which step it means, with the place and the tokens or without. */
record StepSpelling(ParsedLabel said, long step) {

  private static final Pattern NUMBERED =
      Pattern.compile("stage[-_ ]?0*([0-9]+)(?:[-_. ].*)?", Pattern.CASE_INSENSITIVE);

  static Optional<StepSpelling> parse(String name) {
    return LabelGrammars.isAddress(name)
        ? Optional.empty()
        : LabelGrammars.parse(name)
            .filter(said -> said.repository() == null)
            .flatMap(StepSpelling::of);
  }

  /** Empty where the label says no step, or several. */
  static Optional<StepSpelling> of(ParsedLabel said) {
    return said.merged().isEmpty()
        ? Optional.ofNullable(said.step()).map(step -> new StepSpelling(said, step))
        : Optional.empty();
  }

  /** The only one of the checkpoints of this step that can be meant. */
  Optional<AtStep> choose(List<AtStep> checkpoints) {
    var meant = meant(checkpoints);
    return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
  }

  /** Those of the checkpoints of this step that can be meant. */
  List<AtStep> meant(List<AtStep> checkpoints) {
    return checkpoints.stream().filter(this::agrees).toList();
  }

  /**
   * Those that nothing contradicts, for a reader who looks for what a label means: stages are the
   * same by their number, however they are called, the first may have no name, and tokens that are
   * not known may be any.
   */
  List<AtStep> possible(List<AtStep> checkpoints) {
    var tokens = said.tokens();
    return checkpoints.stream()
        .filter(one -> isSameStage(one.stage()) && said.branch().equalsIgnoreCase(one.branch()))
        .filter(one ->
            tokens == null || one.tokens() == null || !tokens.rulesFrom(one.tokens()).isEmpty())
        .toList();
  }

  private boolean isSameStage(String stage) {
    var number = NUMBERED.matcher(said.stage());
    var other = NUMBERED.matcher(stage);
    return said.stage().equalsIgnoreCase(stage)
        || (number.matches()
            && (other.matches()
                ? number.group(1).equals(other.group(1))
                : stage.isEmpty() && number.group(1).equals("1")));
  }

  private boolean agrees(AtStep one) {
    var place = said.place();
    var full =
        one.stage().isEmpty() || one.branch().isEmpty()
            ? one.stage() + one.branch()
            : one.stage() + "-" + one.branch();
    if (!place.isEmpty() && !place.equalsIgnoreCase(full) && !place.equalsIgnoreCase(one.stage())) {
      return false;
    }
    var tokens = said.tokens();
    return tokens == null || (one.tokens() != null && !tokens.rulesFrom(one.tokens()).isEmpty());
  }
}
