package org.cairn.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a transfer has come: a bar with rate and time left for somebody at a terminal, a line
 * every few seconds for a log, nothing for {@code --quiet}.
 */
final class Progress implements AutoCloseable {

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  /** Fits every terminal; one that is wrapped would leave a trail. */
  private static final int WIDTH = 79;

  private final Console console;
  private final String task;
  private final long total;
  private final long started = System.nanoTime();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong notMoved = new AtomicLong();
  private volatile String note = "";
  private final @Nullable ProgressBar bar;
  private final @Nullable Thread reporter;

  private Progress(Console console, String task, long total) {
    this.console = console;
    this.task = task;
    this.total = total;
    this.bar =
        console.terminal() && !console.quiet() && total > 0 ? bar(console, task, total) : null;
    this.reporter =
        bar == null && !console.quiet() ? Thread.ofVirtual().unstarted(this::report) : null;
  }

  static Progress of(Console console, String task, long total) {
    var progress = new Progress(console, task, total);
    if (progress.reporter != null) {
      progress.reporter.start();
    }
    return progress;
  }

  /** Bytes have moved; negative where a transfer has to begin again. */
  void add(long bytes) {
    done.addAndGet(bytes);
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  /** Bytes that need not move because they are there already: they count, but not for the rate. */
  void skip(long bytes) {
    notMoved.addAndGet(bytes);
    add(bytes);
  }

  /** What else is going on, shown beside the bytes. */
  void note(String text) {
    note = text;
    if (bar != null) {
      bar.setExtraMessage(" " + text);
    }
  }

  @Override
  public void close() {
    if (reporter != null) {
      reporter.interrupt();
    }
    if (bar != null) {
      bar.close();
      console.barDone();
    }
  }

  /** One line about how far it is, for a log. */
  String line() {
    var seconds = (System.nanoTime() - started) / 1e9;
    var now = done.get();
    var rate = Math.max(0, now - notMoved.get()) / Math.max(seconds, 1e-3);
    var left =
        rate < 1
            ? ""
            : ", "
                + Sizes.time(Duration.ofSeconds((long) (Math.max(0, total - now) / rate)))
                + " left";
    return "%s: %s of %s, %s/s%s%s"
        .formatted(
            task,
            Sizes.bytes(now),
            Sizes.bytes(total),
            Sizes.bytes((long) rate),
            left,
            note.isEmpty() ? "" : ", " + note);
  }

  private void report() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_LINES);
        console.say(line());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drawn by the console and not by the library, so that messages can come in between. */
  private static ProgressBar bar(Console console, String task, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setUnit(" MB", 1_000_000)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new DelegatingProgressBarConsumer(console::bar, WIDTH))
        .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .build();
  }
}
