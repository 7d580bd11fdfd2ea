package org.cairn.faults;

import java.util.ArrayList;
import java.util.List;

/** Many clients that all do the same, again and again. */
final class Crowd implements AutoCloseable {

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  Crowd(int size, Runnable what) {
    for (int i = 0; i < size; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!stopping) {
                  what.run();
                }
              }));
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
