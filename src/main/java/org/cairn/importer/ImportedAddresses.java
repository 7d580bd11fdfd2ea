package org.cairn.importer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.importer.KnownListings.Known;

/** The addresses that the listings of one import have, for one another. */
final class ImportedAddresses {

  private final Reading reading;
  private final Map<String, Set<String>> runs = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  ImportedAddresses(Reading reading) {
    this.reading = reading;
    reading
        .runs()
        .forEach((run, said) -> {
          var all = new HashSet<String>();
          said.listings.forEach(listing -> all.addAll(of(listing)));
          all.forEach(address -> runs.computeIfAbsent(address, key -> new HashSet<>()).add(run));
          counts.put(run, all.size());
        });
  }

  static Set<String> of(Listing listing) {
    return listing.checkpoints().stream()
        .map(ListedCheckpoint::address)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** What the other listings of the run have. */
  Known own(String run, Listing listing, Set<String> addresses) {
    var all = new HashSet<String>();
    Objects.requireNonNull(reading.runs().get(run)).listings.stream()
        .filter(other -> !other.name().equals(listing.name()))
        .forEach(other -> all.addAll(of(other)));
    return new Known(all.stream().filter(addresses::contains).count(), all.size());
  }

  /** What other runs have of these addresses, by the names of the runs. */
  Map<String, Known> others(String run, Set<String> addresses) {
    var shared = new HashMap<String, Long>();
    for (var address : addresses) {
      runs.getOrDefault(address, Set.of()).forEach(other -> shared.merge(other, 1L, Long::sum));
    }
    shared.remove(run);
    var others = new HashMap<String, Known>();
    shared.forEach(
        (other, count) -> others.put(other, new Known(count, counts.getOrDefault(other, 0))));
    return others;
  }
}
