package org.cairn.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a listing, as far as it tells by itself. */
final class ListingRules {

  private static final int UNREADABLE_SHOWN = 20;

  private ListingRules() {}

  static List<Fault> check(Listing listing) {
    var faults = new ArrayList<Fault>();
    listing
        .byCounter()
        .forEach((counter, checkpoints) -> {
          DuplicateEntries.check(listing, counter, checkpoints).ifPresent(faults::add);
          AddressedSteps.check(listing, counter, checkpoints).forEach(faults::add);
          ListedSchedule.check(listing, counter, checkpoints).forEach(faults::add);
          Launches.check(listing, counter, checkpoints).ifPresent(faults::add);
        });
    faults.addAll(MergedCheckpoints.check(listing));
    StageNames.check(listing).ifPresent(faults::add);
    ListedTokens.check(listing).ifPresent(faults::add);
    PrivateAddresses.check(listing).ifPresent(faults::add);
    unreadable(listing).ifPresent(faults::add);
    return faults;
  }

  private static Optional<Fault> unreadable(Listing listing) {
    if (listing.unreadable().isEmpty()) {
      return Optional.empty();
    }
    var fault = Fault.of("row-unreadable", listing);
    fault.evidence().put("rows", listing.unreadable().size());
    var lines = fault.evidence().putArray("lines");
    listing.unreadable().stream()
        .limit(UNREADABLE_SHOWN)
        .forEach(line -> lines.addObject().put("line", line.line()).put("reason", line.reason()));
    return Optional.of(fault);
  }
}
