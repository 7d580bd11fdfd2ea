package org.cairn.trajectory;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which other checkpoint of the selection a tensor is compared with: of those that have it. */
enum PairKind {
  /** The one before. */
  PREVIOUS,
  FIRST,
  LAST;

  /** How a request lists them. */
  static final String REGEX = "(previous|first|last)(,(previous|first|last)){0,2}";

  static Set<PairKind> parse(@Nullable String list) {
    var kinds = EnumSet.noneOf(PairKind.class);
    if (list != null) {
      Arrays.stream(list.split(",", -1))
          .map(kind -> valueOf(kind.toUpperCase(Locale.ROOT)))
          .forEach(kinds::add);
    }
    return kinds;
  }
}
