package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cairn.access.Callers;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the image would hold, run as compose and the chart would run it: their variables, the
 * image's user, a root file system that cannot be written, a real database and a real S3 server.
 */
class ImageLayoutIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path folder;

  private static EmbeddedPostgres postgres;
  private static S3Proxy s3;
  private static ImageContainer image;
  private static int databases;

  private final String database = "image" + ++databases;
  private int port;
  private int managementPort;
  private Process process;

  @BeforeAll
  static void startServers(TestReporter reporter) throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    s3 = S3Resource.start(folder.resolve("s3").toFile().mkdir() ? folder.resolve("s3") : folder);
    image = new ImageContainer(folder);
    reporter.publishEntry("isolated", String.valueOf(image.isIsolated()));
  }

  @AfterAll
  static void stopServers() throws Exception {
    image.close();
    s3.stop();
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws SQLException, IOException {
    port = PeerProcess.freePort();
    managementPort = PeerProcess.freePort();
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + database);
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void becomesReadyWithTheVariablesOfCompose() throws Exception {
    var compose = Compose.with(ComposeTest.SECRETS);
    process = image.start(here(compose.environment("cairn")));
    awaitReady();

    var api =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/openapi")).build(),
            BodyHandlers.ofString());
    assertThat(api.statusCode()).isEqualTo(200);

    RoundTrip.of(folder.resolve(database), port);

    var check = compose.healthCheck("cairn");
    assertThat(check.getFirst()).isEqualTo("CMD");
    var command = check.subList(1, check.size());
    assertThat(image.succeeds(command.stream().map(this::onManagementPort).toList())).isTrue();

    endsWhenToldTo();
    assertThat(image.succeeds(command.stream().map(this::onManagementPort).toList()))
        .as("the health check of a service that is gone")
        .isFalse();
  }

  @Test
  void migratesInTheJobOfTheChartAndThenServesWithoutMigrating() throws Exception {
    var chart = Chart.render("minimal");
    process = image.start(here(Chart.environment(chart.migration())), arguments(chart.migration()));
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(image.log()).isZero();
    assertThat(appliedMigrations()).isPositive();

    process = image.start(here(Chart.environment(chart.server())), arguments(chart.server()));
    awaitReady();
    RoundTrip.of(folder.resolve(database), port);
    endsWhenToldTo();
    assertThat(image.log()).doesNotContain("[aot]");
  }

  /** The JVM takes the first of them where there is as little memory as the chart's limit. */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
  void startsFromWhatTheJvmLearntWhileTheImageWasBuilt(String collector) throws Exception {
    startWith(collector);
    assertThat(image.log()).contains("Using AOT-linked classes: true");
  }

  @Test
  void leavesAsideWhatDoesNotFit() throws Exception {
    startWith("-XX:+UseZGC");
    assertThat(image.log()).contains("Unable to map shared spaces");
  }

  @Test
  void onlyTmpCanBeWritten() throws Exception {
    var home = image.path("/opt/cairn");
    for (var file : List.of(home + "/new", home + "/cairn", home + "/quarkus-app/new")) {
      assertThat(image.succeeds(List.of("bash", "-c", "echo >> " + file))).as(file).isFalse();
    }
    assertThat(image.succeeds(List.of("bash", "-c", "echo >> /tmp/new"))).isTrue();
    if (image.isIsolated()) {
      assertThat(image.succeeds(List.of("bash", "-c", "[ $(id -u):$(id -g) = 10001:0 ]"))).isTrue();
      assertThat(image.succeeds(List.of("bash", "-c", "echo >> /etc/new"))).isFalse();
    }
  }

  private void endsWhenToldTo() throws Exception {
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(image.log()).isEqualTo(143);
  }

  private void startWith(String options) throws Exception {
    var environment = here(Compose.with(ComposeTest.SECRETS).environment("cairn"));
    environment.put("JAVA_OPTS", image.javaOptions() + " -Xlog:aot " + options);
    process = image.start(environment);
    awaitReady();
  }

  @Test
  void doesNotServeOnASchemaThatIsOlderThanTheProgram() throws Exception {
    var server = Chart.render("minimal").server();
    process = image.start(here(Chart.environment(server)), arguments(server));
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(image.log()).contains("not applied");
  }

  /** The same variables with the addresses and secrets of the servers of this test. */
  private Map<String, String> here(Map<String, String> environment) {
    var mine = new HashMap<>(environment);
    var addresses =
        Map.of(
            "QUARKUS_DATASOURCE_JDBC_URL",
            postgres.getJdbcUrl("postgres", database),
            "QUARKUS_DATASOURCE_USERNAME",
            "postgres",
            "QUARKUS_DATASOURCE_PASSWORD",
            "postgres",
            "CAIRN_S3_ENDPOINT",
            S3Resource.endpoint(s3),
            "CAIRN_S3_PUBLIC_ENDPOINT",
            S3Resource.endpoint(s3),
            "CAIRN_S3_ACCESS_KEY",
            S3Resource.ACCESS_KEY,
            "CAIRN_S3_SECRET_KEY",
            S3Resource.SECRET_KEY,
            "CAIRN_ACCESS_ADMIN_TOKEN",
            Callers.ADMIN,
            "CAIRN_S3_BUCKET",
            database,
            "CAIRN_S3_CREATE_BUCKET",
            "true");
    mine.replaceAll((name, value) -> addresses.getOrDefault(name, value));
    mine.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    mine.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
    return mine;
  }

  private static String[] arguments(io.fabric8.kubernetes.api.model.Container container) {
    return container.getArgs().toArray(String[]::new);
  }

  private String onManagementPort(String word) {
    return word.replace("/9000", "/" + managementPort);
  }

  private void awaitReady() throws Exception {
    var ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      assertThat(process.isAlive()).as("%s", image.log()).isTrue();
      try {
        var answer = HTTP.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          assertThat(answer.body()).contains("\"status\": \"UP\"");
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new AssertionError("not ready: " + image.log());
  }

  private int appliedMigrations() throws SQLException {
    try (var connection = postgres.getDatabase("postgres", database).getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from flyway_schema_history where success")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
