package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A start in a new JVM, and the memory of a registry that nobody asks anything, beside another
 * registry that is made with Quarkus, on the same JDK, with the same options for the JVM and the
 * same PostgreSQL. Both have started before: their schemas are there, and their files cached.
 */
final class StartBenchmark implements Benchmark {

  /** What the JVM decides on in a container with as much memory as the chart gives. */
  private static final String CONTAINER = "-XX:MaxRAM=1g -XX:+UseSerialGC";

  private static final double GOAL = 1;
  private static final double MEBIBYTES_OF_GIBIBYTE = 1024;
  private static final String PEER_DATABASE = "apicurio";

  private final TestBed bed;
  private final String options = System.getenv().getOrDefault("JAVA_OPTS", CONTAINER);
  private final Figures cairn;
  private final Peer packaged;
  private final Peer archived;
  private Path peer = Path.of("");

  /** What a start is in seconds and MiB. */
  private record Figures(Figure seconds, Figure processor, Figure resident, Figure heap) {

    static Figures of(Report report, String who) {
      return new Figures(
          report.figure("start to ready, " + who, "s"),
          report.figure("processor time of it, " + who, "s"),
          report.figure("memory when idle, " + who, "MiB"),
          report.figure("heap after a collection, " + who, "MiB"));
    }

    void add(Start start) {
      seconds.add(start.seconds());
      processor.add(start.processor());
      resident.add(start.resident());
      heap.add(start.heap());
    }
  }

  /** The other registry, started in one of two ways. */
  private record Peer(
      Figures figures,
      Comparison seconds,
      Comparison processor,
      Comparison resident,
      Comparison heap) {

    static Peer of(Report report, String who) {
      return new Peer(
          Figures.of(report, who),
          report.comparison("start to ready", who, "starts/min", GOAL),
          report.comparison("start, by processor time", who, "starts/min", GOAL),
          report.comparison("memory when idle", who, "processes/GiB", GOAL),
          report.comparison("heap after a collection", who, "heaps/GiB", GOAL));
    }

    void add(Start mine, Start other) {
      figures.add(other);
      seconds.add(60 / mine.seconds(), 60 / other.seconds());
      processor.add(60 / mine.processor(), 60 / other.processor());
      resident.add(
          MEBIBYTES_OF_GIBIBYTE / mine.resident(), MEBIBYTES_OF_GIBIBYTE / other.resident());
      heap.add(MEBIBYTES_OF_GIBIBYTE / mine.heap(), MEBIBYTES_OF_GIBIBYTE / other.heap());
    }
  }

  StartBenchmark(TestBed bed, Report report) {
    this.bed = bed;
    this.cairn = Figures.of(report, "Cairn");
    this.packaged = Peer.of(report, "Apicurio Registry");
    this.archived = Peer.of(report, "Apicurio Registry with AppCDS");
  }

  @Override
  public void prepare() throws Exception {
    System.out.println("JVM         " + options);
    peer = Peers.locate("apicurio");
    var rehearsal = new ProcessBuilder(Bench.launcher().toString(), "rehearse").inheritIO().start();
    if (rehearsal.waitFor() != 0) {
      throw new IOException("the rehearsal failed");
    }
    try (var superuser = bed.superuser()) {
      superuser.execute("create database " + PEER_DATABASE + " owner cairn");
    }
    var _ = startCairn();
    var _ = startPeer(null);
    // Makes the archive.
    var _ = startPeer(archive());
  }

  @Override
  public void round(int number) throws Exception {
    var mine = startCairn();
    cairn.add(mine);
    packaged.add(mine, startPeer(null));
    archived.add(mine, startPeer(archive()));
  }

  private Start startCairn() throws IOException, InterruptedException {
    var environment = new HashMap<>(bed.settings());
    environment.put("JAVA_OPTS", options);
    var ready = ports(environment, "/q/health/ready");
    var command = List.of(Bench.launcher().toString(), "serve");
    return Start.measure(command, environment, ready, bed.folder().resolve("start.log"));
  }

  /**
   * @param archive in which its JVM keeps its classes, if any
   */
  private Start startPeer(@Nullable Path archive) throws IOException, InterruptedException {
    var settings = bed.settings();
    var environment =
        new HashMap<>(
            Map.of(
                "APICURIO_STORAGE_KIND", "sql",
                "APICURIO_STORAGE_SQL_KIND", "postgresql",
                "APICURIO_DATASOURCE_URL", bed.jdbcUrl(PEER_DATABASE),
                "APICURIO_DATASOURCE_USERNAME", settings.get("QUARKUS_DATASOURCE_USERNAME"),
                "APICURIO_DATASOURCE_PASSWORD", settings.get("QUARKUS_DATASOURCE_PASSWORD")));
    var ready = ports(environment, "/health/ready");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.split(" ", -1)));
    if (archive != null) {
      command.addAll(List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive));
    }
    command.addAll(List.of("-jar", peer.toString()));
    return Start.measure(command, environment, ready, bed.folder().resolve("start.log"));
  }

  private Path archive() {
    return bed.folder().resolve("apicurio.jsa");
  }

  /** Free ports for a registry; answers where it says that it is ready. */
  private static URI ports(Map<String, String> environment, String path) throws IOException {
    int management = CairnProcess.freePort();
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", String.valueOf(CairnProcess.freePort()));
    environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
    return URI.create("http://127.0.0.1:" + management + path);
  }
}
