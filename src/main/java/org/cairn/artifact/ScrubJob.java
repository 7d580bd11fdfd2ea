package org.cairn.artifact;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.cairn.artifact.ScrubRepository.Target;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;

/**
 * Reads everything that is stored, at a bounded rate, and says what is not what it was. It takes
 * turns with other jobs, and goes on where it was after a restart.
 */
@ApplicationScoped
class ScrubJob implements JobHandler {

  static final String KIND = "scrub";

  private static final int BATCH = 50;
  private static final Duration TURN = Duration.ofMinutes(1);
  private static final Duration NEXT_TURN = Duration.ofMillis(100);
  private static final Duration STORE_AWAY = Duration.ofMinutes(1);

  /** After so many failures in a row it is the object, if the store still says that it has it. */
  private static final int FAILURES = 5;

  private final ScrubService scrubs;
  private final Scrubber scrubber;
  private final ObjectStore store;
  private final ScrubMeters meters;
  private final ScrubConfig config;

  ScrubJob(
      ScrubService scrubs,
      Scrubber scrubber,
      ObjectStore store,
      ScrubMeters meters,
      ScrubConfig config) {
    this.scrubs = scrubs;
    this.scrubber = scrubber;
    this.store = store;
    this.meters = meters;
    this.config = config;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) throws InterruptedException {
    var id = scrubOf(job);
    var end = System.nanoTime() + TURN.toNanos();
    var pace = new Pace(config.rate().asLongValue());
    for (var work = scrubs.next(id, BATCH); work.isPresent(); work = scrubs.next(id, BATCH)) {
      for (var target : work.get().targets()) {
        try {
          examine(id, work.get().folder(), target, pace, job);
        } catch (ObjectStoreException | IOException e) {
          if (!isTheObject(id, work.get().folder(), target, e)) {
            return new JobOutcome.Retry(
                STORE_AWAY, "The store does not give out what it has: " + e);
          }
        }
        if (System.nanoTime() - end > 0) {
          return new JobOutcome.Retry(NEXT_TURN, "goes on after " + target.key());
        }
      }
      var pass = scrubs.get(id);
      job.progress(pass.bytes(), pass.totalBytes());
    }
    return JobOutcome.SUCCEEDED;
  }

  @Override
  public void gaveUp(JobContext job, String reason) {
    scrubs.cancel(scrubOf(job), reason);
  }

  private static UUID scrubOf(JobContext job) {
    return UUID.fromString(job.payload().path("scrub").asText());
  }

  private void examine(UUID id, String folder, Target target, Pace pace, JobContext job)
      throws IOException, InterruptedException {
    if (job.cancelRequested()) {
      throw new CancellationException("cancelled before " + target.key());
    }
    var found = scrubber.read(target, pace, job::cancelRequested);
    meters.read(found.size() == null ? 0 : found.size());
    boolean putBack = found.damage() != null && putBack(target);
    scrubs.examined(id, folder, target, found, putBack);
    if (found.damage() != null) {
      meters.damaged(scrubs.counts());
    }
  }

  /** Whether the catalogue had what the object should be. */
  private boolean putBack(Target target) {
    if (target.copy() == null) {
      return false;
    }
    Log.errorf("%s is damaged and is put back from the catalogue", target.key());
    store.delete(List.of(target.key()));
    store.putIfAbsent(
        target.key(), target.copy().getBytes(StandardCharsets.UTF_8), "application/json");
    return true;
  }

  /** Nothing is said of an object that cannot be read, but that others come before it. */
  private boolean isTheObject(UUID id, String folder, Target target, Exception failure)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopping");
    }
    if (scrubs.failed(id) < FAILURES || !answers(target)) {
      return false;
    }
    Log.errorf(failure, "%s cannot be read, though the store has it", target.key());
    scrubs.passOver(id, folder, target);
    return true;
  }

  private boolean answers(Target target) {
    try {
      return store.stat(target.key()).isPresent();
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.UNAVAILABLE) {
        Log.warnf(e, "The store does not describe %s", target.key());
      }
      return false;
    }
  }
}
