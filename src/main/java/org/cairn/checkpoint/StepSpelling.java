package org.cairn.checkpoint;

import java.util.List;
import java.util.Optional;
import org.cairn.checkpoint.CheckpointCommitQueries.AtStep;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;

/** A label within a run that says which step it means, with the place and the tokens or without. */
record StepSpelling(ParsedLabel said, long step) {

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
