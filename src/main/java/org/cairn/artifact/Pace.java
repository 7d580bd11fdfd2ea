package org.cairn.artifact;

import java.util.concurrent.TimeUnit;

/** Keeps a reader from reading faster than it may. Of one thread. */
final class Pace {

  private final long bytesPerSecond;
  private long due = System.nanoTime();

  /**
   * @param bytesPerSecond 0 for as fast as it goes
   */
  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** So much was read: waits until that was due. A pause is not made up for. */
  void passed(long bytes) throws InterruptedException {
    if (bytesPerSecond <= 0) {
      return;
    }
    var now = System.nanoTime();
    due = Math.max(due, now) + (long) (bytes * 1e9 / bytesPerSecond);
    TimeUnit.NANOSECONDS.sleep(due - now);
  }
}
