package org.cairn.job;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.cairn.api.Faults;

/** One run of one job: calls its handler and writes down how that ended. */
final class JobExecution {

  private static final String CANCELLED = "cancelled";

  /** Until a database or a store that is away is tried again; which costs a job no attempt. */
  private static final Duration AWAY = Duration.ofSeconds(10);

  private final JobRepository jobs;
  private final Map<String, JobHandler> handlers;
  private final JobsConfig config;

  JobExecution(JobRepository jobs, Map<String, JobHandler> handlers, JobsConfig config) {
    this.jobs = jobs;
    this.handlers = handlers;
    this.config = config;
  }

  /**
   * Runs a job to an end, whatever its handler throws.
   *
   * @param stopping whether the service stops: then the job goes back to the queue
   */
  void run(RunningJob job, BooleanSupplier stopping) {
    var attempt = job.job().attempt();
    try {
      if (job.cancelled()) {
        end(job, JobState.CANCELLED, CANCELLED);
      } else if (attempt > config.attempts()) {
        var last = Objects.requireNonNullElse(job.job().failure(), "its workers were lost");
        end(job, JobState.FAILED, "Failed " + config.attempts() + " times, last: " + last);
      } else {
        attempt(job, stopping);
      }
    } catch (RuntimeException e) {
      // Nothing could be written: the lease will end, and somebody takes the job over.
      Log.errorf(e, "Job %s (%s) could not be ended", job.id(), job.job().kind());
    }
  }

  private void attempt(RunningJob job, BooleanSupplier stopping) {
    JobOutcome outcome;
    try {
      outcome = handler(job).run(job);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      threw(job, e, stopping);
      return;
    }
    // A stop may have interrupted this thread: what follows still has to be written.
    var _ = Thread.interrupted();
    switch (outcome) {
      case JobOutcome.Succeeded _ -> jobs.finish(job, JobState.SUCCEEDED, null);
      case JobOutcome _ when stopping.getAsBoolean() -> release(job);
      case JobOutcome _ when job.cancelled() -> end(job, JobState.CANCELLED, CANCELLED);
      case JobOutcome.Failed(var reason) -> end(job, JobState.FAILED, reason);
      case JobOutcome.Retry(var after, var reason) -> jobs.requeue(job, after, false, reason);
    }
  }

  private void threw(RunningJob job, Throwable e, BooleanSupplier stopping) {
    var _ = Thread.interrupted();
    var attempt = job.job().attempt();
    if (stopping.getAsBoolean()) {
      release(job);
    } else if (job.cancelled()) {
      end(job, JobState.CANCELLED, CANCELLED);
    } else if (Faults.isOutage(e)) {
      Log.warnf("Job %s (%s) waits: %s", job.id(), job.job().kind(), e);
      jobs.requeue(job, AWAY, false, e.toString());
    } else if (attempt >= config.attempts()) {
      Log.errorf(e, "Job %s (%s %s) failed", job.id(), job.job().kind(), job.subject());
      end(job, JobState.FAILED, "Failed " + attempt + " times, last: " + e);
    } else {
      Log.warnf(e, "Job %s (%s %s) is tried again", job.id(), job.job().kind(), job.subject());
      jobs.requeue(job, backoff(attempt), true, e.toString());
    }
  }

  private void release(RunningJob job) {
    jobs.requeue(job, Duration.ZERO, false, null);
  }

  /** Ends a job that did not succeed; not if it is somebody else's, who may be luckier. */
  private void end(RunningJob job, JobState state, String reason) {
    if (jobs.renew(List.of(job), config.lease()).containsKey(job.id())) {
      handler(job).gaveUp(job, reason);
      jobs.finish(job, state, reason);
    }
  }

  private JobHandler handler(RunningJob job) {
    return Objects.requireNonNull(handlers.get(job.job().kind()), "only known kinds are leased");
  }

  private Duration backoff(int attempt) {
    var pause = config.backoff().multipliedBy(1L << Math.min(attempt - 1, 20));
    return pause.compareTo(config.backoffLimit()) < 0 ? pause : config.backoffLimit();
  }
}
