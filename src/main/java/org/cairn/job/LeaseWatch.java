package org.cairn.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells which runners fell silent. The database's clock alone cannot: set forward, it ends the
 * leases of all who are well, set back, it keeps those of the dead. So a lease must also have been
 * seen to stay as it is, for a while that is measured here by time that only goes forward.
 */
final class LeaseWatch {

  private record Seen(HeldLease lease, long since) {}

  private final long renewal;
  private final long life;
  private Map<UUID, Seen> seen = Map.of();

  /**
   * A watch that has seen nothing.
   *
   * @param renewal how often a runner that is well renews its leases
   * @param life of a lease
   */
  LeaseWatch(Duration renewal, Duration life) {
    this.renewal = renewal.toNanos();
    this.life = life.toNanos();
  }

  /** Those of the leases held {@code now} that nobody renews any more. */
  List<HeldLease> silent(List<HeldLease> held, long now) {
    var next = new HashMap<UUID, Seen>();
    var silent = new ArrayList<HeldLease>();
    for (var lease : held) {
      var before = seen.get(lease.job());
      var known = before != null && before.lease().isSame(lease) ? before : new Seen(lease, now);
      next.put(lease.job(), known);
      var quiet = now - known.since();
      if (quiet > (lease.ended() ? 2 * renewal : life)) {
        silent.add(lease);
      }
    }
    seen = next;
    return silent;
  }

  /** Nobody could renew anything meanwhile: what was seen before says nothing. */
  void forget() {
    seen = Map.of();
  }

  /** Whether a lease has ended that may only be late: worth another look soon. */
  boolean suspects() {
    return seen.values().stream().anyMatch(one -> one.lease().ended());
  }
}
