package org.cairn.artifact;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/** Removes from the store what uploads leave there that are over and kept nothing. */
@ApplicationScoped
class UploadCleaner {

  private static final int BATCH = 100;

  /** Whoever ended an upload cleans up after it at once; after this the sweep does. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  static final ObjectKey FOLDER = new ObjectKey("artifacts");

  private final UploadService uploads;
  private final ObjectStore store;
  private final UploadConfig config;
  private final Clock clock;

  UploadCleaner(UploadService uploads, ObjectStore store, UploadConfig config, Clock clock) {
    this.uploads = uploads;
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Removes parts and object of an upload, if it is over and its object is no artifact's. Where
   * that fails it stays marked for the sweep.
   *
   * @return whether nothing is left
   */
  boolean discard(UploadFacts upload) {
    if (!uploads.isGarbage(upload.id())) {
      return true;
    }
    try {
      store.abortMultipart(upload.multipart());
      store.delete(List.of(upload.multipart().key()));
    } catch (ObjectStoreException e) {
      Log.warnf(e, "What upload %s left in the store is left to the sweep", upload.id());
      uploads.postpone(upload.id());
      return false;
    }
    uploads.swept(upload.id());
    return true;
  }

  /** Gives up uploads whose clients fell silent, and cleans up; answers how many. */
  int expire() {
    int expired = 0;
    List<UploadFacts> batch;
    do {
      batch = uploads.expire(BATCH);
      batch.forEach(this::discard);
      expired += batch.size();
    } while (batch.size() == BATCH);
    return expired;
  }

  /** Cleans up after those who could not; answers how many uploads. */
  int sweep() {
    int swept = 0;
    List<UploadFacts> batch;
    do {
      batch = uploads.garbage(clock.instant().minus(GRACE), BATCH);
      for (var upload : batch) {
        if (!discard(upload)) {
          return swept; // the store is away; so it would be for the others
        }
        swept++;
      }
    } while (batch.size() == BATCH);
    return swept;
  }

  /**
   * Aborts multipart uploads that no upload needs: those of a crash between the store and the
   * database, and those that a late part brought back. Answers how many.
   */
  int abortOrphans() {
    var aborted = new AtomicInteger();
    orphans(batch -> {
      batch.forEach(store::abortMultipart);
      aborted.addAndGet(batch.size());
    });
    return aborted.get();
  }

  /**
   * Shows the multipart uploads that no upload needs, some at a time. An upload has its row a
   * moment after the store has begun it: those that were begun just now are not looked at.
   */
  void orphans(Consumer<Collection<MultipartUpload>> batchOfThem) {
    var old = clock.instant().minus(config.expiry());
    try (var stale = store.listMultiparts(FOLDER)) {
      var batches =
          stale
              .filter(multipart -> multipart.startedAt().isBefore(old))
              .gather(Gatherers.windowFixed(BATCH))
              .iterator();
      while (batches.hasNext()) {
        var byUpload = new HashMap<UUID, MultipartUpload>();
        for (var multipart : batches.next()) {
          uploadOf(multipart.upload().key()).ifPresent(id -> byUpload.put(id, multipart.upload()));
        }
        byUpload.keySet().removeAll(uploads.alive(byUpload.keySet()));
        batchOfThem.accept(byUpload.values());
      }
    }
  }

  /** Keys end in the id of their upload; whatever does not is somebody else's. */
  static Optional<UUID> uploadOf(ObjectKey key) {
    var text = key.value();
    try {
      return Optional.of(UUID.fromString(text.substring(text.lastIndexOf('/') + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
