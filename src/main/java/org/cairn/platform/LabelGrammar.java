package org.cairn.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairn.platform.ParsedLabel.Counts;
import org.jspecify.annotations.Nullable;

/**
 * One way of releases to label checkpoints: a pattern over a whole label, whatever the case of its
 * letters.
 *
 * <p>Its groups say what is what: {@code stage} and {@code branch}, or {@code place} for both;
 * {@code step} and its {@code scale}; {@code merged}, further steps with a + before each; {@code
 * tokens} and their {@code unit}; {@code repository} and {@code revision}, which is a label.
 */
record LabelGrammar(String name, Pattern pattern, Counts counts) {

  private static final Pattern PLUS = Pattern.compile("\\+");

  /** Empty where the label follows another grammar, or has numbers beyond 64 bits. */
  Optional<ParsedLabel> parse(String label, Pattern places) {
    var matcher = pattern.matcher(label);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var place = group(matcher, "place");
    var staged = places.matcher(place);
    var isStaged = staged.matches();
    var stage = isStaged ? group(staged, "stage") : group(matcher, "stage");
    var branch = isStaged ? group(staged, "branch") : place + group(matcher, "branch");
    try {
      var step = step(group(matcher, "step"), group(matcher, "scale"));
      var tokens =
          group(matcher, "tokens").isEmpty()
              ? Optional.<RoundedTokens>empty()
              : RoundedTokens.parse(group(matcher, "tokens"), group(matcher, "unit"));
      if (tokens.isEmpty() && !group(matcher, "tokens").isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new ParsedLabel(
              name,
              said(group(matcher, "repository")),
              said(group(matcher, "revision")),
              stage,
              branch,
              step,
              counts,
              merged(step, group(matcher, "merged")),
              tokens.orElse(null)));
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Long step(String digits, String scale) {
    if (digits.isEmpty()) {
      return null;
    }
    var step = Long.parseLong(digits);
    return scale.toLowerCase(Locale.ROOT).equals("k") ? Math.multiplyExact(step, 1_000L) : step;
  }

  private static List<Long> merged(@Nullable Long step, String further) {
    var merged = new ArrayList<Long>();
    if (step != null && !further.isEmpty()) {
      merged.add(step);
      PLUS.splitAsStream(further.substring(1)).map(Long::valueOf).forEach(merged::add);
    }
    return merged;
  }

  private static @Nullable String said(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Empty where the pattern has no such group, or it matched nothing. */
  private static String group(Matcher matcher, String name) {
    if (!matcher.namedGroups().containsKey(name)) {
      return "";
    }
    var text = matcher.group(name);
    return text == null ? "" : text;
  }
}
