package org.cairn.artifact;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Begins passes when it is time to, and tells monitoring what is damaged. */
@ApplicationScoped
class ScrubScheduleJob {

  private final ScrubService scrubs;
  private final ScrubMeters meters;

  ScrubScheduleJob(ScrubService scrubs, ScrubMeters meters) {
    this.scrubs = scrubs;
    this.meters = meters;
  }

  /** The catalogue says when the last one was: any replica may begin the next. */
  @Scheduled(every = "10m", delayed = "5m", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void begin() {
    var _ = scrubs.startIfDue();
  }

  @Scheduled(every = "1m", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void measure() {
    meters.damaged(scrubs.counts());
  }
}
