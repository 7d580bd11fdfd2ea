package org.cairn.artifact;

import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/** Begins collections when it is time to, and deletes objects whose time has come. */
@ApplicationScoped
class CollectionScheduleJob {

  private static final int BATCH = 1_000;

  private final CollectionService plans;
  private final RemovalService removals;
  private final ObjectStore store;

  CollectionScheduleJob(CollectionService plans, RemovalService removals, ObjectStore store) {
    this.plans = plans;
    this.removals = removals;
    this.store = store;
  }

  /** The catalogue says when the last one was: any replica may begin the next. */
  @Scheduled(every = "10m", delayed = "3m", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void begin() {
    var _ = plans.startIfDue();
  }

  @Scheduled(
      every = "{cairn.upload.sweep-every}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void remove() {
    try {
      var _ = removeOnce();
    } catch (ObjectStoreException e) {
      Log.warn("Objects that nothing names could not be deleted; they are tried again", e);
    }
  }

  /** Answers how many objects were deleted. Replicas may all do it. */
  int removeOnce() {
    int removed = 0;
    List<ObjectKey> batch;
    do {
      batch = removals.due(BATCH);
      if (!batch.isEmpty()) {
        store.delete(batch);
        removals.done(batch);
        removed += batch.size();
      }
    } while (batch.size() == BATCH);
    return removed;
  }
}
