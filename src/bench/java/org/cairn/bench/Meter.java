package org.cairn.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Measures time, and the processor time of the processes that take part: where all share a few
 * cores, that is what limits them.
 */
final class Meter {

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  private final ProcessHandle cairn;
  private final ProcessHandle store;

  /**
   * @param cairn the Cairn that is asked
   * @param store the process with the S3 server
   */
  Meter(ProcessHandle cairn, ProcessHandle store) {
    this.cairn = cairn;
    this.store = store;
  }

  /** What is measured. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * What some work took.
   *
   * @param client processor time of the benchmark itself; as the others in seconds, and nothing
   *     where the system does not tell
   */
  record Measured(double seconds, double client, double cairn, double store) {

    /** In MiB/s. */
    double rate(long bytes) {
      return Watch.mebibytes(bytes) / seconds;
    }
  }

  Measured measure(Work work) throws Exception {
    var before = now();
    work.run();
    var after = now();
    return new Measured(
        after.seconds - before.seconds,
        after.client - before.client,
        after.cairn - before.cairn,
        after.store - before.store);
  }

  private Measured now() {
    return new Measured(
        System.nanoTime() / 1e9,
        SYSTEM.getProcessCpuTime() / 1e9,
        processorSeconds(cairn),
        processorSeconds(store));
  }

  static double processorSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }
}
