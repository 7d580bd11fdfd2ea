package org.cairn.hub;

import java.util.Optional;
import java.util.stream.Stream;

/** What a repository of the Hub can be here. */
enum RepositoryKind {
  /** A run. */
  MODEL("models"),
  /** A dataset. */
  DATASET("datasets");

  private final String plural;

  RepositoryKind(String plural) {
    this.plural = plural;
  }

  /** By the word of an address, such as {@code models}. */
  static Optional<RepositoryKind> of(String plural) {
    return Stream.of(values()).filter(kind -> kind.plural.equals(plural)).findFirst();
  }
}
