package org.cairn.xet;

import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Gatherers;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/** Removes pieces that nobody needs any more. Replicas may all do it. */
@ApplicationScoped
class StagingSweepJob {

  private static final int BATCH = 1_000;

  /** A file that is still not made then never will be: its job has long been given up. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private final ObjectStore store;
  private final XetConfig config;
  private final Clock clock;

  StagingSweepJob(ObjectStore store, XetConfig config, Clock clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "{cairn.xet.sweep-every}",
      delayed = "2m",
      concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void sweep() {
    try {
      runOnce();
    } catch (ObjectStoreException e) {
      Log.warn("Pieces of uploads could not be swept; the next sweep tries again", e);
    }
  }

  /** Answers how many objects and unfinished uploads were removed. */
  int runOnce() {
    var sessions = sessions();
    int removed = 0;
    var now = clock.instant();
    for (var entry : sessions.entrySet()) {
      var session = entry.getValue();
      var patience = session.needed ? LONGEST : config.expiry();
      if (session.newest.plus(patience).isBefore(now)) {
        removed += delete(entry.getKey());
      }
    }
    removed += abortOrphans(now.minus(config.expiry()));
    if (removed > 0) {
      Log.infof("Removed %d pieces of uploads", removed);
    }
    return removed;
  }

  /** When something was last sent in a session, and whether files are being made of it. */
  private static final class Session {
    private Instant newest = Instant.EPOCH;
    private boolean needed;
  }

  private Map<String, Session> sessions() {
    var sessions = new HashMap<String, Session>();
    try (var objects = store.list(Staging.FOLDER)) {
      objects.forEach(object -> {
        var segments = object.key().value().split("/", 4);
        if (segments.length == 4) {
          var session = sessions.computeIfAbsent(segments[1], _ -> new Session());
          if (object.lastModified().isAfter(session.newest)) {
            session.newest = object.lastModified();
          }
          session.needed |= segments[2].equals(Staging.RECIPES);
        }
      });
    }
    return sessions;
  }

  private int delete(String session) {
    int deleted = 0;
    try (var objects = store.list(ObjectKey.of(Staging.FOLDER.value(), session))) {
      var batches = objects.map(ObjectInfo::key).gather(Gatherers.windowFixed(BATCH)).iterator();
      while (batches.hasNext()) {
        var keys = new ArrayList<>(batches.next());
        store.delete(keys);
        deleted += keys.size();
      }
    }
    return deleted;
  }

  private int abortOrphans(Instant before) {
    int aborted = 0;
    try (var stale = store.listMultiparts(Staging.FOLDER)) {
      var old = stale.filter(multipart -> multipart.startedAt().isBefore(before)).iterator();
      while (old.hasNext()) {
        store.abortMultipart(old.next().upload());
        aborted++;
      }
    }
    return aborted;
  }
}
