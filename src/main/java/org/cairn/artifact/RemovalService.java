package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import org.cairn.storage.ObjectKey;

/** What is deleted from the store, between the transactions that say so. */
@ApplicationScoped
class RemovalService {

  private final ObjectRemovals removals;

  RemovalService(ObjectRemovals removals) {
    this.removals = removals;
  }

  /** Objects that may be deleted now. */
  @Transactional
  List<ObjectKey> due(int limit) {
    return removals.due(limit);
  }

  /** They are gone. */
  @Transactional
  void done(Collection<ObjectKey> keys) {
    removals.done(keys);
  }
}
