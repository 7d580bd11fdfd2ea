package org.cairn.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/** Tells somebody who presses Ctrl-C that nothing is lost. */
final class Interruption implements AutoCloseable {

  private final AtomicBoolean over = new AtomicBoolean();

  private Interruption(Console console) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              if (!over.get()) {
                console.error("cairn: interrupted; run the same command again to go on from here");
              }
            }));
  }

  static Interruption announce(Console console) {
    return new Interruption(console);
  }

  /** The work is done. */
  void over() {
    over.set(true);
  }

  /** Failed or done: either way it was not interrupted. */
  @Override
  public void close() {
    over.set(true);
  }
}
