package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is measured: a zero-configuration Cairn over a folder of its own, with the
 * PostgreSQL and the S3 server that it starts, and on demand more Cairns on both.
 */
final class TestBed implements AutoCloseable {

  private static final String PROJECT = "bench";

  private final Path launcher;
  private final Path folder;
  private final Http http = new Http();
  private final CairnProcess cairn;
  private final Properties credentials;
  private final Properties ports;
  private final RawStore store;
  private final Database database;
  private final List<CairnProcess> others = new ArrayList<>();
  private @Nullable CairnProcess proxied;

  private TestBed(Path launcher, Path folder, CairnProcess cairn) throws IOException, SQLException {
    this.launcher = launcher;
    this.folder = folder;
    this.cairn = cairn;
    this.credentials = properties(data(folder).resolve("credentials.properties"));
    this.ports = properties(data(folder).resolve("ports.properties"));
    this.store = storeAt(storeEndpoint());
    this.database =
        new Database(jdbcUrl("cairn"), "cairn", credentials.getProperty("postgres.password"));
  }

  /**
   * @param environment of the first Cairn
   */
  static TestBed start(Path launcher, Path folder, Map<String, String> environment)
      throws Exception {
    var cairn =
        CairnProcess.start(
            launcher,
            List.of("--data", data(folder).toString()),
            environment,
            folder.resolve("cairn.log"));
    try {
      var bed = new TestBed(launcher, folder, cairn);
      var _ = bed.api().post("/v1/projects", Api.JSON.createObjectNode().put("name", PROJECT));
      return bed;
    } catch (Exception e) {
      cairn.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  Http http() {
    return http;
  }

  Api api() {
    return new Api(http, cairn.uri());
  }

  VerificationTimes verificationTimes() throws IOException {
    return VerificationTimes.read(cairn.management());
  }

  Meter meter() {
    return new Meter(cairn.handle(), servers());
  }

  /** For what the second Cairn is asked. */
  Meter proxiedMeter() {
    return new Meter(proxied == null ? cairn.handle() : proxied.handle(), servers());
  }

  /** The process with the S3 server. */
  private ProcessHandle servers() {
    return cairn.handle().children().findFirst().orElseThrow();
  }

  RawStore store() {
    return store;
  }

  Database database() {
    return database;
  }

  /** The caller closes it. */
  Database superuser() throws SQLException {
    return new Database(
        jdbcUrl("cairn"), "postgres", credentials.getProperty("postgres.superuser-password"));
  }

  StatementCount statementCount() throws SQLException {
    return new StatementCount(superuser(), data(folder).resolve("logs/postgres.log"));
  }

  /** A new run of the benchmarks' project; answers its path. */
  String newRun(String name) throws IOException, InterruptedException {
    var _ =
        api()
            .post(
                "/v1/projects/" + PROJECT + "/runs", Api.JSON.createObjectNode().put("name", name));
    return "/v1/projects/" + PROJECT + "/runs/" + name;
  }

  /** A new run with a segment whose batches are those of Pythia, 2,097,152 tokens a step. */
  String newSegmentedRun(String name) throws IOException, InterruptedException {
    var run = newRun(name);
    var segment = Api.JSON.createObjectNode().put("name", "main");
    segment
        .putArray("batchSchedule")
        .addObject()
        .put("fromStep", 0)
        .put("sequencesPerStep", 1024)
        .put("sequenceLength", 2048);
    var _ = api().post(run + "/segments", segment);
    return run;
  }

  /**
   * A second Cairn, which passes transfers through itself. It works on no jobs, so that those of
   * the first stay comparable.
   */
  Api proxied() throws IOException, InterruptedException {
    if (proxied == null) {
      proxied =
          beside(
              "cairn-proxied", Map.of("CAIRN_TRANSFER_MODE", "proxied", "CAIRN_JOBS_WORKERS", "0"));
    }
    return new Api(http, proxied.uri());
  }

  /** A second Cairn, which works on no jobs and reaches the store over a proxy. */
  Api over(CountingProxy proxy) throws IOException, InterruptedException {
    var counted =
        beside(
            "cairn-counted",
            Map.of("CAIRN_S3_ENDPOINT", proxy.uri().toString(), "CAIRN_JOBS_WORKERS", "0"));
    return new Api(http, counted.uri());
  }

  URI storeEndpoint() {
    return URI.create(s3Endpoint());
  }

  /** The store by another address that leads to it; the caller closes it. */
  RawStore storeAt(URI endpoint) {
    return new RawStore(
        endpoint,
        credentials.getProperty("s3.access-key"),
        credentials.getProperty("s3.secret-key"),
        http);
  }

  /**
   * Another Cairn with the settings of production on the same database and bucket.
   *
   * @param environment what is different about it
   */
  CairnProcess beside(String name, Map<String, String> environment)
      throws IOException, InterruptedException {
    var all = settings();
    all.putAll(environment);
    var other = CairnProcess.start(launcher, List.of(), all, folder.resolve(name + ".log"));
    others.add(other);
    return other;
  }

  /** What a Cairn in production is told of this database and bucket. */
  Map<String, String> settings() {
    return new HashMap<>(
        Map.of(
            "QUARKUS_DATASOURCE_JDBC_URL", jdbcUrl("cairn"),
            "QUARKUS_DATASOURCE_USERNAME", "cairn",
            "QUARKUS_DATASOURCE_PASSWORD", credentials.getProperty("postgres.password"),
            "CAIRN_S3_ENDPOINT", s3Endpoint(),
            "CAIRN_S3_BUCKET", RawStore.BUCKET,
            "CAIRN_S3_ACCESS_KEY", credentials.getProperty("s3.access-key"),
            "CAIRN_S3_SECRET_KEY", credentials.getProperty("s3.secret-key")));
  }

  /** Has what was written so far go to disk, so that it does not slow what is measured next. */
  void settle() throws IOException, InterruptedException {
    new ProcessBuilder("sync", "-f", folder.toString()).start().waitFor();
  }

  String jdbcUrl(String name) {
    return "jdbc:postgresql://127.0.0.1:" + ports.getProperty("postgres") + "/" + name;
  }

  private String s3Endpoint() {
    return "http://127.0.0.1:" + ports.getProperty("s3");
  }

  private static Path data(Path folder) {
    return folder.resolve("data");
  }

  private static Properties properties(Path file) throws IOException {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  /** Stops the servers; the folder stays. */
  @Override
  public void close() throws IOException, SQLException {
    database.close();
    store.close();
    http.close();
    others.forEach(CairnProcess::close);
    cairn.close();
  }
}
