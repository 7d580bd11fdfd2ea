package org.cairn.importer;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Listings that list another run: OLMo-7B-0724.csv of today has 526 of the 527 addresses of
 * OLMo-7B, and none of the 687 that OLMo-7B-0724.csv had before.
 */
final class KnownListings {

  /** A listing belongs to another run where it has this part of that one's addresses, or more. */
  private static final double MOST = 0.5;

  private KnownListings() {}

  /**
   * @param run whose checkpoints the listing is to list
   * @param known the addresses of checkpoints that are known already, by run
   */
  static Optional<Fault> check(Listing listing, String run, Map<String, Set<String>> known) {
    var addresses =
        listing.checkpoints().stream()
            .map(ListedCheckpoint::address)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    int own = shared(addresses, known.getOrDefault(run, Set.of()));
    return known.entrySet().stream()
        .filter(other -> !other.getKey().equals(run) && !other.getValue().isEmpty())
        .filter(other -> {
          int shared = shared(addresses, other.getValue());
          return shared > own && shared >= other.getValue().size() * MOST;
        })
        .max(
            Map.Entry.comparingByValue(
                (a, b) -> Integer.compare(shared(addresses, a), shared(addresses, b))))
        .map(other -> {
          var fault = Fault.of("wrong-run-manifest", listing);
          fault
              .evidence()
              .put("run", run)
              .put("rows", listing.checkpoints().size())
              .put("otherRun", other.getKey())
              .put("sharedWithOtherRun", shared(addresses, other.getValue()))
              .put("addressesOfOtherRun", other.getValue().size())
              .put("sharedWithRun", own)
              .put("addressesOfRun", known.getOrDefault(run, Set.of()).size());
          return fault;
        });
  }

  private static int shared(Set<String> some, Set<String> others) {
    var shared = new HashSet<>(some);
    shared.retainAll(others);
    return shared.size();
  }
}
