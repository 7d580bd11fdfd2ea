package org.cairn.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The state of the machine before anything is measured, without which rates mean nothing.
 *
 * @param load runnable processes over the last 1, 5 and 15 minutes: far above 0 means that others
 *     are being measured, too
 * @param sha256Intrinsics whether the JVM, which is the one that the server runs on, hashes with
 *     the processor's own instructions
 * @param diskWrite MiB/s of 256 MiB written to the temporary folder and forced to disk
 */
record Machine(
    String processor,
    boolean shaNi,
    int cores,
    long memory,
    long memoryAvailable,
    String load,
    String jdk,
    String sha256Provider,
    String sha256Intrinsics,
    Path folder,
    String fileStore,
    double diskWrite) {

  private static final int PROBE = 256 << 20;

  static Machine look(Path folder) throws IOException {
    var processor = procFile("cpuinfo", "model name", "flags");
    var memory = procFile("meminfo", "MemTotal", "MemAvailable");
    return new Machine(
        processor.getOrDefault("model name", System.getProperty("os.arch", "?")),
        List.of(processor.getOrDefault("flags", "").split(" ")).contains("sha_ni"),
        Runtime.getRuntime().availableProcessors(),
        kibibytes(memory.get("MemTotal")),
        kibibytes(memory.get("MemAvailable")),
        loadAverage(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Sha256Loop.newDigest().getProvider().getName(),
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("UseSHA256Intrinsics")
            .getValue(),
        folder,
        Files.getFileStore(folder).type(),
        measureDiskWrite(folder));
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        """
        processor   %s, %d cores, sha_ni %s
        memory      %.1f GiB, %.1f available
        load        %s
        JDK         %s, SHA-256 by %s, UseSHA256Intrinsics %s
        folder      %s (%s), 256 MiB to disk at %.0f MiB/s
        """,
        processor,
        cores,
        shaNi ? "yes" : "no",
        memory / (double) (1 << 30),
        memoryAvailable / (double) (1 << 30),
        load,
        jdk,
        sha256Provider,
        sha256Intrinsics,
        folder,
        fileStore,
        diskWrite);
  }

  ObjectNode json() {
    return new ObjectMapper()
        .createObjectNode()
        .put("processor", processor)
        .put("shaNi", shaNi)
        .put("cores", cores)
        .put("memory", memory)
        .put("memoryAvailable", memoryAvailable)
        .put("load", load)
        .put("jdk", jdk)
        .put("sha256Provider", sha256Provider)
        .put("sha256Intrinsics", sha256Intrinsics)
        .put("fileStore", fileStore)
        .put("diskWriteMebibytesPerSecond", diskWrite);
  }

  /** The first value of some keys of a file of Linux' proc folder; nothing elsewhere. */
  private static Map<String, String> procFile(String name, String... keys) throws IOException {
    var file = Path.of("/proc", name);
    if (!Files.isReadable(file)) {
      return Map.of();
    }
    var wanted = Arrays.asList(keys);
    var found = new java.util.HashMap<String, String>();
    for (var line : Files.readAllLines(file)) {
      int colon = line.indexOf(':');
      if (colon > 0 && wanted.contains(line.substring(0, colon).strip())) {
        found.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return found;
  }

  private static long kibibytes(@org.jspecify.annotations.Nullable String text) {
    return text == null ? 0 : Long.parseLong(text.replaceAll("[^0-9]", "")) << 10;
  }

  private static String loadAverage() throws IOException {
    var file = Path.of("/proc/loadavg");
    return Files.isReadable(file)
        ? String.join(" ", Arrays.copyOf(Files.readString(file).split(" "), 3))
        : String.valueOf(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static double measureDiskWrite(Path folder) throws IOException {
    var file = folder.resolve("disk-probe");
    var block = ByteBuffer.allocateDirect(1 << 20);
    long start = System.nanoTime();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int written = 0; written < PROBE; written += block.capacity()) {
        block.clear();
        Payload.writeFully(channel, block);
      }
      channel.force(true);
      return Watch.mebibytes(PROBE) / Watch.secondsSince(start);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
