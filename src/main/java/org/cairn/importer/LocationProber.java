package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.regex.Pattern;

/** Asks hosts about locations, one after the other, so many in a second. */
@ApplicationScoped
class LocationProber {

  /** Manifests name repositories of the Hub like this. */
  private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+");

  private static final String HUB = "https://huggingface.co/";

  private final LocationService locations;
  private final AddressProbe probe;

  LocationProber(LocationService locations, PublicHttp http) {
    this.locations = locations;
    this.probe = new AddressProbe(http);
  }

  /**
   * Asks about what it is time to ask about.
   *
   * @param rate questions in a second
   * @param limit most questions
   * @param again time until an address is asked about once more
   * @return how many were asked
   */
  int probe(int rate, int limit, Duration again) throws InterruptedException {
    var due = locations.due(limit);
    for (var location : due) {
      var address = location.address();
      var asked = System.nanoTime();
      locations.answered(
          location,
          probe.probe(REPOSITORY.matcher(address).matches() ? HUB + address : address),
          again);
      var wait = Duration.ofSeconds(1).dividedBy(rate).minusNanos(System.nanoTime() - asked);
      if (wait.isPositive()) {
        Thread.sleep(wait);
      }
    }
    return due.size();
  }
}
