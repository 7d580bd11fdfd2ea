package org.cairn.platform;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something this service depends on, for whoever asks whether it is ready: now and then
 * only, one look at a time, and without ever waiting long for one that hangs.
 */
public final class Probe {

  /** Clients give a check a few seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long KEPT_NANOS = Duration.ofSeconds(3).toNanos();

  private final Supplier<String> look;
  private @Nullable FutureTask<String> last;
  private long endedAt;

  /**
   * A probe that has not looked yet.
   *
   * @param look answers what is wrong, or an empty text; throws nothing
   */
  public Probe(Supplier<String> look) {
    this.look = look;
  }

  /** What is wrong, or an empty text. */
  public String fault() {
    try {
      return current().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "it does not answer";
    } catch (java.util.concurrent.ExecutionException e) {
      return "it cannot be looked at";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** The look that is under way, or one that ended a moment ago. */
  private synchronized FutureTask<String> current() {
    // Not by the clock, which may be set back.
    if (last == null || (last.isDone() && System.nanoTime() - endedAt > KEPT_NANOS)) {
      var next = new FutureTask<>(this::see);
      last = next;
      Thread.ofVirtual().name("probe").start(next);
    }
    return last;
  }

  private String see() {
    try {
      return look.get();
    } finally {
      synchronized (this) {
        endedAt = System.nanoTime();
      }
    }
  }
}
