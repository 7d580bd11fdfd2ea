package org.cairn.record;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;
import org.cairn.storage.ObjectStoreException;

/** Brings what changed in the catalogue into the bucket, a second later. Replicas may all do it. */
@ApplicationScoped
class RecordJob {

  private static final int BATCH = 200;

  private final RecordShipper shipper;
  private final RecordService records;
  private final AtomicLong waiting = new AtomicLong();
  private boolean failing;

  RecordJob(RecordShipper shipper, RecordService records, MeterRegistry meters) {
    this.shipper = shipper;
    this.records = records;
    Gauge.builder("cairn.records.waiting", waiting, AtomicLong::doubleValue)
        .description("Changes of the catalogue that the bucket does not know of yet")
        .register(meters);
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void run() {
    try {
      while (shipper.shipDue(BATCH) == BATCH) {
        waiting.set(records.waiting());
      }
      waiting.set(records.waiting());
      failing = false;
    } catch (ObjectStoreException e) {
      waiting.set(records.waiting());
      if (!failing) {
        Log.warn("The bucket cannot be told what changed in the catalogue; it is tried again", e);
      }
      failing = true;
    }
  }
}
