package org.cairn.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One start of a registry in a new JVM.
 *
 * @param seconds until it says that it is ready
 * @param processor seconds of processor time until then
 * @param resident memory of the process in MiB, after nobody asked it anything for a while
 * @param heap what a collection left of the heap after that, in MiB
 */
record Start(double seconds, double processor, double resident, double heap) {

  private static final double LONGEST_SECONDS = 240;
  private static final int IDLE_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 10;
  private static final Pattern USED = Pattern.compile("used ([0-9]+)K");

  /**
   * Starts it, watches it and stops it.
   *
   * @param ready what answers 200 once it is ready
   */
  static Start measure(List<String> command, Map<String, String> environment, URI ready, Path log)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // As in a container; Cairn reads every certificate that the last of these name.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(QUARKUS|CAIRN|APICURIO|SSL_CERT)_.*"));
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    var process = builder.start();
    try {
      while (!isReady(ready)) {
        if (!process.isAlive() || Watch.secondsSince(start) > LONGEST_SECONDS) {
          throw new IOException("it is not ready, see " + Files.readString(log));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      double seconds = Watch.secondsSince(start);
      double processor = Meter.processorSeconds(process.toHandle());
      Thread.sleep(IDLE_MILLIS);
      return new Start(seconds, processor, ResidentMemory.of(process.toHandle()), heap(process));
    } finally {
      CairnProcess.stop(process.toHandle());
    }
  }

  private static boolean isReady(URI ready) {
    try {
      return ((HttpURLConnection) ready.toURL().openConnection()).getResponseCode() == 200;
    } catch (IOException e) {
      return false; // It does not listen yet.
    }
  }

  private static double heap(Process process) throws IOException, InterruptedException {
    var _ = jcmd(process, "GC.run");
    // Of a heap of generations, the sum of both.
    return USED.matcher(jcmd(process, "GC.heap_info"))
            .results()
            .mapToDouble(used -> Double.parseDouble(used.group(1)))
            .limit(2)
            .sum()
        / 1024;
  }

  private static String jcmd(Process process, String command)
      throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var running =
        new ProcessBuilder(jcmd, String.valueOf(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (running.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }
}
