package org.cairn.importer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks hosts again, when it is time to, whether they have what releases say. */
@ApplicationScoped
class ProbeScheduleJob {

  private static final int SECONDS = 10;

  private final LocationProber prober;
  private final ReferencesConfig config;

  ProbeScheduleJob(LocationProber prober, ReferencesConfig config) {
    this.prober = prober;
    this.config = config;
  }

  @Scheduled(every = SECONDS + "s", delayed = "30s", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void probe() throws InterruptedException {
    if (!config.probeEvery().isZero()) {
      var _ = prober.probe(config.probeRate(), config.probeRate() * SECONDS, config.probeEvery());
    }
  }
}
