package org.cairn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Watches the memory of a JVM while it works: the heap that its collector left, from its log, and
 * the resident memory, from Linux' proc folder. Between two collections a heap holds as much
 * garbage as it may: only what is left after one is needed.
 */
final class MemoryWatch implements AutoCloseable {

  private static final Pattern COLLECTION = Pattern.compile("[0-9]+M->([0-9]+)M\\(([0-9]+)M\\)");
  private static final int LINES = 12;

  private final long start = System.nanoTime();
  private final ProcessHandle process;
  private final Path log;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread thread;
  private long linesBefore;
  private volatile boolean closed;

  /** In MiB. */
  private record Sample(double second, long heap, long resident) {}

  private MemoryWatch(ProcessHandle process, Path log, long linesBefore) {
    this.process = process;
    this.log = log;
    this.linesBefore = linesBefore;
    this.thread = Thread.ofPlatform().daemon().name("memory").unstarted(this::watch);
  }

  /** Options with which a JVM writes the log that this reads. */
  static String options(Path log) {
    return "-Xlog:gc:file=" + log + ":none:filecount=0";
  }

  static MemoryWatch start(ProcessHandle process, Path log) throws IOException {
    long last = Math.max(0, Files.readAllLines(log).size() - 1L);
    var watch = new MemoryWatch(process, log, last);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!closed) {
        sample();
        Thread.sleep(500);
      }
    } catch (IOException e) {
      // The process has ended, and whoever uses it will say so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The most of what the collections since the last sample left. */
  private synchronized void sample() throws IOException {
    long heap = samples.isEmpty() ? 0 : samples.getLast().heap();
    long most = 0;
    var lines = Files.readAllLines(log);
    for (var line : lines.subList((int) linesBefore, lines.size())) {
      var collection = COLLECTION.matcher(line);
      if (collection.find()) {
        most = Math.max(most, Long.parseLong(collection.group(1)));
      }
    }
    linesBefore = lines.size();
    samples.add(
        new Sample(
            Watch.secondsSince(start), most == 0 ? heap : most, (long) ResidentMemory.of(process)));
  }

  /** What there was at most, and how it came to that over time. */
  synchronized void print(PrintStream out) throws IOException {
    sample();
    out.printf(
        Locale.ROOT,
        "  registry      heap after a collection at most %d MiB, resident at most %d MiB%n",
        samples.stream().mapToLong(Sample::heap).max().orElse(0),
        (long) ResidentMemory.mostOf(process));
    out.println("  over time     s, heap, resident MiB:");
    int step = Math.max(1, Math.ceilDiv(samples.size(), LINES));
    for (int from = 0; from < samples.size(); from += step) {
      var some = samples.subList(from, Math.min(from + step, samples.size()));
      out.printf(
          Locale.ROOT,
          "                %4.0f %5d %5d%n",
          some.getLast().second(),
          some.stream().mapToLong(Sample::heap).max().orElse(0),
          some.stream().mapToLong(Sample::resident).max().orElse(0));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
