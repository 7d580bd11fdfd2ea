package org.cairn.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.checkpoint.CheckpointCommitQueries.AtStep;
import org.jspecify.annotations.Nullable;

/**
 * A way of releases to call a step: {@code step1000}, {@code step1000-tokens5B}, {@code
 * stage2-ingredient3-step11931-tokens50B}, or as programs that train call it, {@code
 * checkpoint-500}, {@code global_step1000}, {@code seed3/step1000}.
 *
 * @param place stage and branch, as far as they are said
 * @param tokens in {@code unit}s, rounded in whatever way; null where they are not said
 */
record StepSpelling(String place, long step, @Nullable Long tokens, long unit) {

  private static final Pattern PATTERN =
      Pattern.compile(
          "(?:([A-Za-z0-9_.-]{1,200})[-/])?"
              + "(?:step_?|(?:global_step|checkpoint|ckpt|iteration|iter)[-_]?)(\\d{1,18})"
              + "(?:-tokens(\\d{1,9})([MBT]))?");

  private static final Pattern STAGE = Pattern.compile("((?:stage|phase)\\d+)-(.+)");

  private static final Map<String, Long> UNITS =
      Map.of("M", 1_000_000L, "B", 1_000_000_000L, "T", 1_000_000_000_000L);

  static Optional<StepSpelling> parse(String name) {
    var matcher = PATTERN.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var tokens = matcher.group(3);
    return Optional.of(
        new StepSpelling(
            matcher.group(1) == null ? "" : matcher.group(1),
            Long.parseLong(matcher.group(2)),
            tokens == null ? null : Long.valueOf(tokens),
            tokens == null ? 1 : UNITS.getOrDefault(matcher.group(4), 1L)));
  }

  /** Stage of a checkpoint that begins under this name. */
  String stage() {
    var staged = STAGE.matcher(place);
    return staged.matches() ? staged.group(1) : place;
  }

  /** Branch of a checkpoint that begins under this name. */
  String branch() {
    var staged = STAGE.matcher(place);
    return staged.matches() ? staged.group(2) : "";
  }

  /** The only one of the checkpoints of this step that can be meant. */
  Optional<AtStep> choose(List<AtStep> checkpoints) {
    var meant = new ArrayList<>(checkpoints);
    meant.removeIf(one -> !agrees(one));
    return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
  }

  private boolean agrees(AtStep one) {
    var full =
        Stream.of(one.stage(), one.branch())
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("-"));
    if (!place.isEmpty() && !place.equals(full) && !place.equals(one.stage())) {
      return false;
    }
    return tokens == null
        || (one.tokens() != null && Math.abs(one.tokens() / (double) unit - tokens) < 1);
  }
}
