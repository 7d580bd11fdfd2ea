package org.cairn.api;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Forgets Idempotency-Keys that nobody repeats any more. */
@ApplicationScoped
class IdempotencyPurgeJob {

  /** Clients repeat a request within minutes; one that slept over a weekend is served as well. */
  static final Duration KEEP = Duration.ofDays(7);

  private static final int BATCH = 1_000;

  private final Idempotency idempotency;

  IdempotencyPurgeJob(Idempotency idempotency) {
    this.idempotency = idempotency;
  }

  @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void purge() {
    runOnce();
  }

  /** Answers how many were forgotten. */
  int runOnce() {
    int forgotten = 0;
    int batch;
    do {
      batch = idempotency.forget(KEEP, BATCH);
      forgotten += batch;
    } while (batch == BATCH);
    return forgotten;
  }
}
