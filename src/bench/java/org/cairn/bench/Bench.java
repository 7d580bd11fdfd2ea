package org.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cairn.embedded.Folders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the benchmarks. */
@Command(
    name = "src/bench/run",
    description = "Measures Cairn beside what its parts can do without it, on this machine.",
    subcommands = SizeTrial.class,
    sortOptions = false)
final class Bench implements Callable<Integer> {

  /** What can be measured on its own. */
  enum Subject {
    UPLOAD,
    DOWNLOAD,
    VERIFY,
    BULK,
    IMPORT,
    LIST,
    INSPECT,
    SERIES,
    HUB,
    START,
    MEMORY
  }

  /**
   * As many times the size of the largest file lies on disk at a time: the file, the parts, objects
   * and, by far the most, the checkpoints of a series.
   */
  private static final int COPIES = 8;

  @Parameters(
      arity = "0..1",
      defaultValue = "all",
      paramLabel = "all|upload|download|verify|bulk|import|list|inspect|series|hub|start|memory",
      description = {
        "What to measure. Default: ${DEFAULT-VALUE}.",
        "download compares with a relay, too, where there is an nginx or .ci/peer gets one.",
        "hub is no part of all: it needs a Python with PyTorch, nginx and a suite of training runs.",
        "Nor is start: it needs another registry, which .ci/peer gets from Maven Central;",
        "nor memory: it needs MinIO, which .ci/peer builds."
      })
  String what = "all";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--size",
      paramLabel = "MiB",
      defaultValue = "1024",
      description = "Of the files sent and read. Default: ${DEFAULT-VALUE}.")
  int mebibytes;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description = "Manifests below this folder are imported. Default: made up.")
  @Nullable Path manifests;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results there, too.")
  @Nullable Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  public static void main(String[] arguments) {
    // The JDK's client keeps five connections to a server; all sides of a comparison use eight.
    System.setProperty("http.maxConnections", "64");
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var subjects = subjects();
    var folder = temporaryFolder();
    long size = (long) mebibytes << 20;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < COPIES * size + (1L << 30)) {
      System.err.printf(
          "%s has %d MiB free, too few for files of %d MiB.%n", folder, free >> 20, mebibytes);
      return 1;
    }
    var machine = Machine.look(folder);
    machine.print(System.out);
    System.out.printf("%d rounds, files of %d MiB%n", rounds, mebibytes);
    System.out.flush();
    var report = new Report();
    // The one that is watched has another store: it alone is to look for bytes there.
    var environment =
        subjects.contains(Subject.MEMORY)
            ? Map.of("CAIRN_JOBS_WORKERS", "0")
            : Map.<String, String>of();
    try (var bed = TestBed.start(launcher(), folder, environment)) {
      for (var benchmark : benchmarks(subjects, bed, report, size)) {
        run(benchmark);
      }
    }
    report.print(System.out);
    if (json != null) {
      report.write(json, machine.json(), rounds, mebibytes);
    }
    return 0;
  }

  /** A folder that is deleted at the end. */
  static Path temporaryFolder() throws IOException {
    var folder = Files.createTempDirectory("cairn-bench-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(folder)));
    return folder;
  }

  static Path launcher() {
    return Path.of(System.getProperty("cairn.launcher", "target/cairn")).toAbsolutePath();
  }

  private Set<Subject> subjects() {
    try {
      return what.equals("all")
          ? EnumSet.complementOf(EnumSet.of(Subject.HUB, Subject.START, Subject.MEMORY))
          : EnumSet.of(Subject.valueOf(what.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          new CommandLine(this), "There is no benchmark '" + what + "'", e);
    }
  }

  private List<Benchmark> benchmarks(Set<Subject> subjects, TestBed bed, Report report, long size)
      throws IOException {
    var benchmarks = new ArrayList<Benchmark>();
    var upload = subjects.contains(Subject.UPLOAD);
    var verification = subjects.contains(Subject.VERIFY);
    if (upload || verification) {
      benchmarks.add(new PublicationBenchmark(bed, report, size, upload, verification));
    }
    if (subjects.contains(Subject.DOWNLOAD)) {
      benchmarks.add(new DownloadBenchmark(bed, report, size));
    }
    if (subjects.contains(Subject.BULK)) {
      benchmarks.add(new RegistrationBenchmark(bed, report));
    }
    if (subjects.contains(Subject.IMPORT)) {
      benchmarks.add(new ImportBenchmark(bed, report, manifests));
    }
    if (subjects.contains(Subject.LIST)) {
      benchmarks.add(new ListingBenchmark(bed, report));
    }
    if (subjects.contains(Subject.INSPECT)) {
      benchmarks.add(new InspectionBenchmark(bed, report, size));
    }
    if (subjects.contains(Subject.SERIES)) {
      benchmarks.add(new SeriesBenchmark(bed, report, size / SeriesBenchmark.SHARE));
    }
    if (subjects.contains(Subject.HUB)) {
      var run = new HubRun(bed);
      benchmarks.add(new HubLoadBenchmark(bed, report, run));
      benchmarks.add(new HubSnapshotBenchmark(bed, report, run));
      benchmarks.add(new RefsBenchmark(bed, report));
    }
    if (subjects.contains(Subject.MEMORY)) {
      benchmarks.add(new MemoryBenchmark(bed, report));
    }
    if (subjects.contains(Subject.START)) {
      benchmarks.add(new StartBenchmark(bed, report));
    }
    return benchmarks;
  }

  private void run(Benchmark benchmark) throws Exception {
    var name = benchmark.getClass().getSimpleName();
    System.err.println(name + ": warm-up");
    benchmark.prepare();
    for (int round = 1; round <= rounds; round++) {
      int number = round;
      System.err.printf(
          Locale.ROOT,
          "%s: round %d of %d, %.1f s%n",
          name,
          number,
          rounds,
          Watch.seconds(() -> benchmark.round(number)));
    }
  }

  /** However this ends: no server stays, and none of the gigabytes. */
  private static void cleanUp(Path folder) {
    CairnProcess.stopAll();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      System.err.println("Not deleted: " + e.getMessage());
    }
  }
}
