package org.cairn.bench;

/** Measures time. */
final class Watch {

  private Watch() {}

  /** How many seconds {@code work} takes. */
  static double seconds(Meter.Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return secondsSince(start);
  }

  static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
