package org.cairn.faults;

import static org.cairn.testsupport.CairnProcess.await;

import java.time.Duration;
import org.cairn.testsupport.CairnService;

/** What a service holds while nobody asks it for anything. */
record Usage(long threads, long descriptors) {

  /** Idle threads and kept connections end within a minute of rest, at the latest. */
  private static final Duration REST = Duration.ofSeconds(75);

  /** Threads of pools that come and go by themselves. */
  private static final int THREADS = 8;

  /** Connections that are kept for the next request. */
  private static final int KEPT = 16;

  static Usage of(CairnService service) {
    return new Usage(service.threads(), service.descriptors());
  }

  /** Waits until the service holds no more than that, and no connection of the pool is taken. */
  void awaitReturn(CairnService service) {
    await(
        "rest as before: " + this,
        REST,
        () ->
            service.threads() <= threads + THREADS
                && service.descriptors() <= descriptors + KEPT
                && service.metric("agroal_active_count") == 0);
  }
}
