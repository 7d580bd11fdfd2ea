package org.cairn.job;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Forgets jobs that ended long ago. */
@ApplicationScoped
class JobPurgeJob {

  private static final int BATCH = 1_000;

  private final JobService jobs;
  private final JobsConfig config;

  JobPurgeJob(JobService jobs, JobsConfig config) {
    this.jobs = jobs;
    this.config = config;
  }

  /** Answers how many were forgotten. */
  @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void purge() {
    runOnce();
  }

  int runOnce() {
    int purged = 0;
    int batch;
    do {
      batch = jobs.purge(config.keep(), BATCH);
      purged += batch;
    } while (batch == BATCH);
    return purged;
  }
}
