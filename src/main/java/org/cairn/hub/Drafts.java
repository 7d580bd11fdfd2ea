package org.cairn.hub;

import java.util.function.Supplier;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;

/** Reading of what others may be writing. */
final class Drafts {

  /** A commit takes milliseconds: who loses that often is told so. */
  private static final int ATTEMPTS = 20;

  private Drafts() {}

  /**
   * Reads a draft once more, from its name on, where it changed while it was read: no client would
   * ask again.
   */
  static <T> T read(Supplier<T> reading) {
    for (int i = 1; i < ATTEMPTS; i++) {
      try {
        return reading.get();
      } catch (RegistryException e) {
        if (e.type() != ProblemType.CONFLICT) {
          throw e;
        }
      }
    }
    return reading.get();
  }
}
