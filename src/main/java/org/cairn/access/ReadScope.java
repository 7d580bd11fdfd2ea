package org.cairn.access;

import java.util.Locale;
import java.util.Set;

/**
 * Of which projects somebody sees what is private: for lists, which ask for it once and not for
 * each item.
 *
 * @param all whether of all of them
 * @param projects their names in lower case
 */
public record ReadScope(boolean all, Set<String> projects) {

  /** For the service itself, which hides nothing from itself. */
  public static final ReadScope EVERYTHING = new ReadScope(true, Set.of());

  public ReadScope {
    projects = Set.copyOf(projects);
  }

  /** Whether something of {@code project} is seen. */
  public boolean sees(String project, boolean isPrivate) {
    return !isPrivate || all || projects.contains(project.toLowerCase(Locale.ROOT));
  }
}
