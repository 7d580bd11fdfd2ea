package org.cairn.importer;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Listings that list another run: OLMo-7B-0724.csv of today has 526 of the 527 addresses of
 * OLMo-7B, and none of the 687 that OLMo-7B-0724.csv had before.
 */
final class KnownListings {

  /** A listing belongs to another run where it has this part of that one's addresses, or more. */
  private static final double MOST = 0.5;

  private KnownListings() {}

  /**
   * Addresses of a run that are known already.
   *
   * @param shared those that the listing has, too
   */
  record Known(long shared, long addresses) {}

  /**
   * @param run whose checkpoints the listing is to list
   * @param own of this run, apart from this listing
   * @param others of other runs, by their names
   */
  static Optional<Fault> check(Listing listing, String run, Known own, Map<String, Known> others) {
    return others.entrySet().stream()
        .filter(other -> other.getValue().shared() > own.shared())
        .filter(other -> other.getValue().shared() >= other.getValue().addresses() * MOST)
        .max(Map.Entry.comparingByValue(Comparator.comparingLong(Known::shared)))
        .map(other -> {
          var fault = Fault.of("wrong-run-manifest", listing);
          fault
              .evidence()
              .put("run", run)
              .put("rows", listing.checkpoints().size())
              .put("otherRun", other.getKey())
              .put("sharedWithOtherRun", other.getValue().shared())
              .put("addressesOfOtherRun", other.getValue().addresses())
              .put("sharedWithRun", own.shared())
              .put("addressesOfRun", own.addresses());
          return fault;
        });
  }
}
