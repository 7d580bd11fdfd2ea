package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;

/**
 * Carries the sealing of a checkpoint to its end: waits for verification, stores the manifest,
 * seals.
 */
@ApplicationScoped
class SealJob implements JobHandler {

  static final String KIND = "seal-checkpoint";

  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration LATER = Duration.ofSeconds(2);

  private final SealService seals;
  private final ObjectStore store;

  SealJob(SealService seals, ObjectStore store) {
    this.seals = seals;
    this.store = store;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) {
    var id = UUID.fromString(job.payload().get("checkpoint").asText());
    var progress = seals.progress(id);
    if (progress.failure() != null) {
      return new JobOutcome.Failed(progress.failure());
    }
    if (progress.over() || progress.key() == null) {
      return JobOutcome.SUCCEEDED;
    }
    job.progress(progress.verified(), progress.files());
    if (progress.verified() < progress.files()) {
      // Small files are verified within a moment, large ones take minutes: do not hold a worker for
      // either.
      return new JobOutcome.Retry(
          progress.files() - progress.verified() < 4 ? SOON : LATER, "waiting for verification");
    }
    store.putIfAbsent(
        ObjectKey.of(progress.key()),
        progress.manifest().getBytes(StandardCharsets.UTF_8),
        "application/json");
    seals.finish(id);
    return JobOutcome.SUCCEEDED;
  }
}
