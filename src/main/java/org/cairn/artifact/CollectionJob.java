package org.cairn.artifact;

import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Gatherers;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/**
 * Makes plans and carries them out. Every step can be repeated: a run that was broken off begins a
 * plan anew, or goes on with what is not decided yet.
 */
@ApplicationScoped
class CollectionJob implements JobHandler {

  static final String KIND = "collect-garbage";

  private static final int BATCH = 1_000;
  private static final Duration STORE_AWAY = Duration.ofMinutes(1);

  private final CollectionService plans;
  private final MarkService marks;
  private final SweepService sweeps;
  private final UploadCleaner cleaner;
  private final ObjectStore store;
  private final List<BucketFolder> folders;
  private final CollectionConfig config;
  private final Clock clock;

  CollectionJob(
      CollectionService plans,
      MarkService marks,
      SweepService sweeps,
      UploadCleaner cleaner,
      ObjectStore store,
      @All List<BucketFolder> folders,
      CollectionConfig config,
      Clock clock) {
    this.plans = plans;
    this.marks = marks;
    this.sweeps = sweeps;
    this.cleaner = cleaner;
    this.store = store;
    this.folders = folders;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) {
    var id = planOf(job);
    try {
      Optional<JobOutcome> outcome;
      do {
        outcome = step(plans.get(id), job);
      } while (outcome.isEmpty());
      return outcome.get();
    } catch (ObjectStoreException e) {
      if (!e.retryable()) {
        throw e;
      }
      return new JobOutcome.Retry(STORE_AWAY, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void gaveUp(JobContext job, String reason) {
    plans.cancel(planOf(job), reason);
  }

  private static UUID planOf(JobContext job) {
    return UUID.fromString(job.payload().path("plan").asText());
  }

  /** Does what is next; answers how the run ends, where it does. */
  private Optional<JobOutcome> step(PlanView plan, JobContext job) {
    var id = plan.id();
    switch (plan.state()) {
      case MARKING -> {
        mark(id, job);
        plans.marked(id);
      }
      case WAITING -> {
        if (!plans.approvesItself(plan)) {
          return Optional.of(JobOutcome.SUCCEEDED); // another job goes on when somebody approves
        }
        if (plans.untilSweep(id).isPositive()) {
          return Optional.of(later(id));
        }
        plans.advance(id, PlanState.WAITING, PlanState.APPROVED);
      }
      case APPROVED -> {
        if (plans.untilSweep(id).isPositive()) {
          return Optional.of(later(id));
        }
        plans.advance(id, PlanState.APPROVED, PlanState.SWEEPING);
      }
      case SWEEPING -> {
        // Again: somebody may have put an old database in place of the one that made the plan.
        if (isAhead(job)) {
          plans.cancel(id, CollectionService.OLDER);
        } else {
          sweep(id, job);
          plans.advance(id, PlanState.SWEEPING, PlanState.DONE);
        }
      }
      case DONE, CANCELLED -> {
        if (plan.swept() > 0) {
          Log.infof("Collected %d things of %d bytes", plan.swept(), plan.sweptBytes());
        }
        return Optional.of(JobOutcome.SUCCEEDED);
      }
    }
    return Optional.empty();
  }

  private JobOutcome later(UUID id) {
    var left = plans.untilSweep(id);
    return new JobOutcome.Retry(
        left.isPositive() ? left : Duration.ofMillis(1), "waiting for the time of grace to end");
  }

  private void mark(UUID id, JobContext job) {
    marks.beginAnew(id);
    for (var after = Optional.of(""); after.isPresent(); ) {
      checkCancelled(job);
      after = marks.artifacts(id, after.get());
    }
    var old = clock.instant().minus(config.grace());
    list(
        UploadCleaner.FOLDER,
        object -> object.lastModified().isBefore(old),
        batch -> {
          checkCancelled(job);
          marks.objects(id, batch);
        });
    for (var folder : folders) {
      // Of any age: what shows that the catalogue is older than the bucket may be new.
      list(
          folder.folder(),
          object -> true,
          batch -> {
            checkCancelled(job);
            marks.objects(id, folder, batch);
          });
    }
    cleaner.orphans(stale -> marks.uploads(id, stale));
  }

  private boolean isAhead(JobContext job) {
    for (var folder : folders) {
      var found = new boolean[1];
      list(
          folder.folder(),
          object -> true,
          batch -> {
            checkCancelled(job);
            found[0] |= marks.isAhead(folder, batch);
          });
      if (found[0]) {
        return true;
      }
    }
    return false;
  }

  private void sweep(UUID id, JobContext job) {
    while (sweeps.artifacts(id)) {
      checkCancelled(job);
    }
    while (sweeps.orphans(id)) {
      checkCancelled(job);
    }
    while (sweeps.abandoned(id)) {
      checkCancelled(job);
    }
    var _ = cleaner.abortOrphans();
    while (sweeps.uploads(id)) {
      checkCancelled(job);
    }
  }

  private void list(
      ObjectKey folder, Predicate<ObjectInfo> which, Consumer<List<ObjectInfo>> batches) {
    try (var objects = store.list(folder)) {
      objects.filter(which).gather(Gatherers.windowFixed(BATCH)).forEach(batches);
    }
  }

  private static void checkCancelled(JobContext job) {
    if (job.cancelRequested()) {
      throw new CancellationException("cancelled");
    }
  }
}
