package org.cairn.checkpoint;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class CheckpointRepository implements PanacheRepositoryBase<Checkpoint, UUID> {

  /**
   * Reads a checkpoint and keeps its row: whoever edits or seals it does so one after the other.
   */
  Optional<Checkpoint> lock(UUID id) {
    return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
  }
}
