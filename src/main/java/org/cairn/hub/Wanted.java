package org.cairn.hub;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a repository a client wants to be told beyond what is on its card: everything, unless it
 * names what.
 */
final class Wanted {

  private final boolean blobs;
  private final Set<String> named = new HashSet<>();

  /**
   * @param blobs whether sizes and digests of the files are wanted
   * @param expand as Python spells the names
   * @param expandMany as JavaScript does
   */
  Wanted(@Nullable String blobs, @Nullable List<String> expand, @Nullable List<String> expandMany) {
    this.blobs = Flags.isSet(blobs);
    if (expand != null) {
      named.addAll(expand);
    }
    if (expandMany != null) {
      named.addAll(expandMany);
    }
  }

  boolean blobs() {
    return blobs;
  }

  /** Whether this one field is asked for by its name, and no other. */
  boolean isOnly(String field) {
    return named.equals(Set.of(field));
  }

  boolean names(String field) {
    return named.contains(field);
  }

  boolean has(String field) {
    return named.isEmpty() || named.contains(field);
  }
}
