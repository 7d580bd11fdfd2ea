package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/** The checkpoints as far as the floor above tells; none where the build has no such floor. */
@ApplicationScoped
class Checkpoints {

  private final Instance<CheckpointLookup> lookup;

  Checkpoints(Instance<CheckpointLookup> lookup) {
    this.lookup = lookup;
  }

  Map<CheckpointAddress, CheckpointPosition> findAll(Collection<CheckpointAddress> addresses) {
    return addresses.isEmpty() || lookup.isUnsatisfied()
        ? Map.of()
        : lookup.get().findAll(addresses);
  }

  Map<UUID, CheckpointPosition> byIds(Collection<UUID> ids) {
    return ids.isEmpty() || lookup.isUnsatisfied() ? Map.of() : lookup.get().byIds(ids);
  }

  OptionalLong lastStep(UUID runId) {
    return lookup.isUnsatisfied() ? OptionalLong.empty() : lookup.get().lastStep(runId);
  }
}
