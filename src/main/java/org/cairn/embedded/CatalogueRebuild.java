package org.cairn.embedded;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What {@code cairn rebuild} does: makes the catalogue of an empty database from the bucket. */
public interface CatalogueRebuild {

  /**
   * Does it, or goes on with one that was broken off.
   *
   * @param progress takes sentences for whoever waits
   * @throws RefusedException where the catalogue is not empty, or somebody else is at it
   */
  Report run(Consumer<String> progress) throws RefusedException, InterruptedException;

  /**
   * What was brought back.
   *
   * @param counts how many of which kind of thing
   * @param lost what sealed things need and the bucket does not have, or has damaged
   */
  record Report(Map<String, Long> counts, List<Lost> lost) {}

  /** Something that could not be brought back. */
  record Lost(String what, String reason) {}

  /** Nothing was changed. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    public RefusedException(String reason) {
      super(reason);
    }
  }
}
