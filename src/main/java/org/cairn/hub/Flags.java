package org.cairn.hub;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Query parameters as the clients of the Hub spell them, each in its own way. */
final class Flags {

  private static final Set<String> SET = Set.of("true", "1", "yes");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private Flags() {}

  static boolean isSet(@Nullable String value) {
    return value != null && SET.contains(value.toLowerCase(Locale.ROOT));
  }

  /** A number of entries that is not more than {@code most}; that, where none is asked for. */
  static int limit(@Nullable String value, int most) {
    if (value == null || !NUMBER.matcher(value).matches()) {
      return most;
    }
    return Math.clamp(Integer.parseInt(value), 1, most);
  }
}
