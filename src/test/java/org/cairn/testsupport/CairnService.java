package org.cairn.testsupport;

import static org.cairn.testsupport.CairnProcess.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The packaged service as it runs in production: its database and its store are somebody else's.
 */
public record CairnService(CairnProcess process, String url, String management)
    implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);

  /** What it is told of a database and of a store of tests, on these ports. */
  public static Map<String, String> settings(int postgres, int store) {
    var settings = new HashMap<String, String>();
    settings.put(
        "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + postgres + "/postgres");
    // Tests begin these themselves.
    settings.put("CAIRN_GC_EVERY", "PT0S");
    settings.put("CAIRN_REFERENCES_PROBE_EVERY", "PT0S");
    settings.put("CAIRN_SCRUB_EVERY", "PT0S");
    settings.put("CAIRN_SCRUB_RATE", "0");
    // It is started often and does not live long: what compiles code for good is not worth its
    // time.
    settings.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    settings.put("QUARKUS_DATASOURCE_USERNAME", "postgres");
    settings.put("QUARKUS_DATASOURCE_PASSWORD", "postgres");
    settings.put("CAIRN_S3_ENDPOINT", "http://127.0.0.1:" + store);
    settings.put("CAIRN_S3_CREATE_BUCKET", "true");
    settings.put("CAIRN_S3_ACCESS_KEY", S3Resource.ACCESS_KEY);
    settings.put("CAIRN_S3_SECRET_KEY", S3Resource.SECRET_KEY);
    return settings;
  }

  /** Starts it and waits until it is ready. */
  public static CairnService start(Path folder, Map<String, String> settings) throws IOException {
    return start(folder, settings, PeerProcess.freePort(), PeerProcess.freePort());
  }

  /** As the other, at addresses that clients know already. */
  public static CairnService start(
      Path folder, Map<String, String> settings, int port, int management) {
    var environment = new HashMap<>(settings);
    environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
    var service =
        new CairnService(
            CairnProcess.start(
                CairnProcess.LAUNCHER,
                folder,
                environment,
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port)),
            "http://127.0.0.1:" + port,
            "http://127.0.0.1:" + management);
    try {
      await("readiness", START, () -> service.isReady() || !service.process.handle().isAlive());
      if (!service.isReady()) {
        throw new AssertionError("it is not ready:\n" + service.process.output());
      }
      return service;
    } catch (AssertionError e) {
      service.close();
      throw new AssertionError(service.process.output(), e);
    }
  }

  public boolean isReady() {
    return isUp("ready");
  }

  public boolean isLive() {
    return isUp("live");
  }

  private boolean isUp(String check) {
    try {
      return CairnProcess.get(management + "/q/health/" + check).statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  /** A number of its metrics, such as {@code agroal_active_count}; its lines are added up. */
  public double metric(String name) {
    return CairnProcess.get(management + "/q/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What it logged of faults that it takes for its own. */
  public List<String> incidents() {
    return process.output().lines().filter(line -> line.contains("Unexpected failure")).toList();
  }

  /** How many threads the process has. */
  public long threads() {
    return entries("task");
  }

  /** How many files and sockets the process has open. */
  public long descriptors() {
    return entries("fd");
  }

  private long entries(String folder) {
    var path = Path.of("/proc", String.valueOf(process.handle().pid()), folder);
    try (var entries = Files.list(path)) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
