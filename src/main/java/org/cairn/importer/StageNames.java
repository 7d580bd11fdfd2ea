package org.cairn.importer;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Numbered stages that are spelt in two ways: {@code stage2_midtraining}, {@code
 * stage_3_longcontext}.
 */
final class StageNames {

  private static final Pattern NUMBERED = Pattern.compile("([A-Za-z]+[-_. ]?)[0-9]+(?:[-_. ].*)?");

  private static final Pattern NUMBER =
      Pattern.compile("(?<![a-z0-9])stage[-_ ]?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);

  private StageNames() {}

  /** Which stage a name or label says, whatever else it says. */
  static OptionalLong number(String text) {
    var stage = NUMBER.matcher(text);
    return stage.find() ? OptionalLong.of(Long.parseLong(stage.group(1))) : OptionalLong.empty();
  }

  static Optional<Fault> check(Listing listing) {
    var stages = listing.checkpoints().stream().map(ListedCheckpoint::stage).distinct().toList();
    var spellings =
        stages.stream()
            .map(NUMBERED::matcher)
            .filter(java.util.regex.Matcher::matches)
            .map(name -> name.group(1))
            .distinct()
            .count();
    if (spellings < 2) {
      return Optional.empty();
    }
    var fault = Fault.of("stage-name-irregular", listing);
    var names = fault.evidence().putArray("stages");
    stages.forEach(names::add);
    return Optional.of(fault);
  }
}
