package org.cairn.artifact;

import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.storage.ObjectStoreException;

/** Gives up uploads whose clients fell silent, and cleans up after uploads that are over. */
@ApplicationScoped
class UploadExpiryJob {

  private final UploadCleaner cleaner;

  UploadExpiryJob(UploadCleaner cleaner) {
    this.cleaner = cleaner;
  }

  @Scheduled(
      every = "{cairn.upload.sweep-every}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void sweep() {
    try {
      runOnce();
    } catch (ObjectStoreException e) {
      Log.warn("Uploads could not be swept; the next sweep tries again", e);
    }
  }

  /** Answers how many uploads and multipart uploads were removed. Replicas may all do it. */
  int runOnce() {
    var removed = cleaner.expire() + cleaner.sweep() + cleaner.abortOrphans();
    if (removed > 0) {
      Log.infof("Removed what %d uploads left in the store", removed);
    }
    return removed;
  }
}
