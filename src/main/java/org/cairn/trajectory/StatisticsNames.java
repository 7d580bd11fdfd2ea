package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairn.api.RegistryException;
import org.cairn.tensor.CanonicalNames;
import org.jspecify.annotations.Nullable;

/**
 * Which tensors a request is about: names and patterns, of which each may be as the file spells the
 * tensor or canonical. In a pattern {@code *} stands for any characters.
 */
final class StatisticsNames {

  static final int MAX_NAMES = 50;
  static final int MAX_LENGTH = 1_000;
  static final int MAX_STARS = 8;

  private final List<String> names;
  private final CanonicalNames canonicalNames;

  private StatisticsNames(List<String> names, CanonicalNames canonicalNames) {
    this.names = names;
    this.canonicalNames = canonicalNames;
  }

  /** Reads what a request gave; all tensors are meant where it is left out. */
  static StatisticsNames parse(@Nullable List<String> names, CanonicalNames canonicalNames) {
    if (names == null || names.isEmpty()) {
      return new StatisticsNames(List.of("*"), canonicalNames);
    }
    if (names.size() > MAX_NAMES) {
      throw invalid("is there more than " + MAX_NAMES + " times: use patterns with *");
    }
    for (var name : names) {
      if (name.isEmpty() || name.length() > MAX_LENGTH || name.indexOf('\0') >= 0) {
        throw invalid("has 1 to " + MAX_LENGTH + " characters, none of them NUL");
      }
      if (name.chars().filter(c -> c == '*').count() > MAX_STARS) {
        throw invalid("has more than " + MAX_STARS + " times *");
      }
    }
    return new StatisticsNames(names.stream().distinct().toList(), canonicalNames);
  }

  private static RegistryException invalid(String reason) {
    return RegistryException.invalid("name", reason);
  }

  /** Every spelling that can be meant; null where only patterns tell. */
  @Nullable List<String> spellings() {
    if (names.stream().anyMatch(StatisticsNames::isPattern)) {
      return null;
    }
    var spellings = new ArrayList<String>();
    for (var name : names) {
      spellings.add(name);
      spellings.addAll(canonicalNames.candidates(withoutPrefix(name)));
    }
    return spellings;
  }

  /** The spellings that are meant, of those that there are; each name must mean one. */
  Set<String> meant(Set<String> there) {
    var meant = new HashSet<String>();
    for (var name : names) {
      var matching = there.stream().filter(spelling -> matches(name, spelling)).toList();
      if (matching.isEmpty()) {
        throw RegistryException.notFound("tensor", name + " in these checkpoints");
      }
      meant.addAll(matching);
    }
    return meant;
  }

  /**
   * Whether a tensor is meant that has this spelling, in a checkpoint that has those of {@code
   * there}: a name that is spelt like a tensor means that one, whatever else has it for a canonical
   * name.
   */
  boolean mean(String spelling, Set<String> there) {
    return names.stream()
        .anyMatch(name ->
            name.equals(spelling)
                || (!(there.contains(name) && !isPattern(name)) && matches(name, spelling)));
  }

  private boolean matches(String name, String spelling) {
    boolean canonicalOnly = name.startsWith(CanonicalNames.PREFIX);
    if (!canonicalOnly && like(name, spelling)) {
      return true;
    }
    var canonical = canonicalNames.canonical(spelling);
    return canonical.isPresent() && like(withoutPrefix(name), canonical.get());
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(CanonicalNames.PREFIX)
        ? name.substring(CanonicalNames.PREFIX.length())
        : name;
  }

  private static boolean isPattern(String name) {
    return name.indexOf('*') >= 0;
  }

  /** Whether a text fits a pattern. Takes the first place that fits: none after it fits better. */
  static boolean like(String pattern, String text) {
    if (!isPattern(pattern)) {
      return pattern.equals(text);
    }
    var pieces = pattern.split("\\*", -1);
    var last = pieces[pieces.length - 1];
    if (!text.startsWith(pieces[0])) {
      return false;
    }
    int at = pieces[0].length();
    for (int i = 1; i < pieces.length - 1; i++) {
      int found = text.indexOf(pieces[i], at);
      if (found < 0) {
        return false;
      }
      at = found + pieces[i].length();
    }
    return text.length() - last.length() >= at && text.endsWith(last);
  }
}
