package org.cairn.run;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What this package needs to know of checkpoints, which live a floor above and implement it. Sees
 * what the running transaction wrote.
 */
public interface CheckpointLookup {

  /** The checkpoints behind these addresses, in few statements; what is not there is left out. */
  Map<CheckpointAddress, CheckpointPosition> findAll(Collection<CheckpointAddress> addresses);

  /** The checkpoint that {@code ref} means in a run. */
  default Optional<CheckpointPosition> find(UUID runId, String ref) {
    var address = new CheckpointAddress(runId, ref);
    return Optional.ofNullable(findAll(java.util.List.of(address)).get(address));
  }

  /** The checkpoints with these ids, in one statement. */
  Map<UUID, CheckpointPosition> byIds(Collection<UUID> ids);

  /** The greatest step of any checkpoint of a run. */
  OptionalLong lastStep(UUID runId);

  /** Whether a run has checkpoints whose counts cannot change any more. */
  boolean hasSealed(UUID runId);
}
