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

  /**
   * And this part of its own addresses are the other's: a run that goes on with another has more.
   */
  private static final double MOSTLY = 0.8;

  /** Of a run that nothing else is known of, both have to be nearly the same. */
  private static final double NEARLY_ALL = 0.9;

  private KnownListings() {}

  /**
   * Addresses of a run that are known already.
   *
   * @param shared those that the listing has, too
   */
  record Known(long shared, long addresses) {

    /** Of two that are known of the same run from elsewhere, the one that tells more. */
    static Known more(Known one, Known other) {
      return one.addresses() < other.addresses() ? other : one;
    }
  }

  /**
   * @param run whose checkpoints the listing is to list
   * @param addresses how many the listing has
   * @param own of this run, apart from this listing
   * @param others of other runs, by their names
   */
  static Optional<Fault> check(
      Listing listing, String run, long addresses, Known own, Map<String, Known> others) {
    double ofOther = own.addresses() == 0 ? NEARLY_ALL : MOST;
    double ofListing = own.addresses() == 0 ? NEARLY_ALL : MOSTLY;
    return others.entrySet().stream()
        .filter(other -> other.getValue().shared() > own.shared())
        .filter(other -> other.getValue().shared() >= other.getValue().addresses() * ofOther)
        .filter(other -> other.getValue().shared() >= addresses * ofListing)
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
