package org.cairn.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.cairn.testsupport.Answers;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Suite;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database is lost, and all that it said about what is sealed is said again by a catalogue that
 * was made from the bucket.
 */
@Tag("conformance")
class RebuildIT {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMIN = "hf_administrator0123456789abcdef0123456789";

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;
  private static S3Proxy s3;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startServers() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("s3")));
  }

  @AfterAll
  static void stopServers() throws Exception {
    s3.stop();
    postgres.close();
  }

  @Test
  void whatWasLostIsMadeAgainByteForByte() throws Exception {
    Map<String, String> before;
    var first = environment("first");
    try (var cairn = CairnService.start(folder, first)) {
      publish(cairn, first, "glyph-60k");
      publish(cairn, first, "glyph-60k-swap");
      changeAfterSealing(cairn.url());
      draft(cairn.url());
      awaitIdle();
      before = sealed(Answers.of(cairn.url(), ADMIN));
      assertThat(before.size()).isGreaterThan(2_000);
      cairn.process().kill().awaitExit(LONG);
    }

    var second = environment("second");
    saysThatItIsNeeded(second);
    killed(second, new Random(20261123));
    var rebuilt = rebuild(second, 0);
    assertThat(rebuilt.path("counts").path("checkpoint").asInt()).isEqualTo(154 + 12);
    assertThat(rebuilt.path("lost")).isEmpty();
    try (var cairn = CairnService.start(folder, second)) {
      var after = Answers.of(cairn.url(), ADMIN);
      var differing = new TreeMap<String, String>();
      before.forEach((request, answer) -> {
        if (!answer.equals(after.get(request))) {
          differing.put(request, answer + "\n--- after ---\n" + after.get(request));
        }
      });
      assertThat(differing).isEmpty();
      assertThat(get(cairn.url() + "/v1/projects/hidden").statusCode())
          .as("private")
          .isEqualTo(404);
      publish(cairn, second, "glyph-60k-swap"); // nothing is to be sent, nothing is in the way
    }
    assertThat(rebuild(second, 66)).as("a catalogue that is not empty").isEmpty();

    var lost = damage();
    var third = environment("third");
    var report = rebuild(third, 65);
    for (var what : lost) {
      assertThat(report.path("lost"))
          .as("names %s", what)
          .anySatisfy(one -> assertThat(one.path("what").asText()).contains(what));
    }
    try (var cairn = CairnService.start(folder, third)) {
      var there = "/v1/projects/glyph/runs/glyph-60k-swap/checkpoints/step1430";
      assertThat(get(cairn.url() + there).statusCode()).isEqualTo(200);
    }
  }

  /** Nobody is to go on by mistake with an empty database and a bucket that is not. */
  private void saysThatItIsNeeded(Map<String, String> environment) throws Exception {
    var settings = new HashMap<>(environment);
    var management = String.valueOf(PeerProcess.freePort());
    settings.put("QUARKUS_MANAGEMENT_PORT", management);
    var port = String.valueOf(PeerProcess.freePort());
    try (var cairn =
        CairnProcess.start(
            CairnProcess.LAUNCHER,
            folder,
            settings,
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            port)) {
      cairn.awaitOutput("stop Cairn and run cairn rebuild");
      var ready = get("http://127.0.0.1:" + management + "/q/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("the bucket has a catalogue that the database does not");
    }
  }

  /** Also while it is at work a rebuild may be killed: it goes on from there. */
  private static void killed(Map<String, String> environment, Random random) throws Exception {
    for (int i = 0; i < 4; i++) {
      try (var rebuild =
          CairnProcess.start(CairnProcess.LAUNCHER, folder, environment, "rebuild")) {
        rebuild.awaitOutput("project:");
        Thread.sleep(random.nextInt(1_500));
        rebuild.kill().awaitExit(LONG);
      }
    }
  }

  private void changeAfterSealing(String url) throws IOException, InterruptedException {
    var run = url + "/v1/projects/glyph/runs/glyph-60k";
    for (var step : List.of("step512", "step1430")) {
      assertThat(send("PUT", run + "/labels/best", "{\"checkpoint\":\"" + step + "\"}"))
          .isBetween(200, 201);
    }
    assertThat(send("PUT", run + "/labels/gone", "{\"checkpoint\":\"step4\"}")).isBetween(200, 201);
    assertThat(send("DELETE", run + "/labels/gone", "")).isEqualTo(204);
    assertThat(
            send(
                "PATCH",
                run,
                "{\"title\":\"After\",\"metadata\":{\"big\":9007199254740993123,\"third\":0.33333333333333333333}}"))
        .isEqualTo(200);
    assertThat(send("POST", url + "/v1/projects", "{\"name\":\"hidden\",\"private\":true}"))
        .isEqualTo(201);
    assertThat(send("POST", url + "/v1/projects/hidden/runs", "{\"name\":\"nothing-sealed\"}"))
        .isEqualTo(201);
    var findings = JSON.readTree(get(run + "/findings").body()).path("items");
    for (var finding : findings) {
      assertThat(
              send(
                  "PATCH",
                  run + "/findings/" + finding.path("id").asText(),
                  "{\"status\":\"explained\",\"explanation\":\"known\"}"))
          .isEqualTo(200);
    }
  }

  /** What is no part of the promise must not be in its way either. */
  private void draft(String url) throws IOException, InterruptedException {
    assertThat(
            send(
                "POST",
                url + "/v1/projects/hidden/runs/nothing-sealed/checkpoints",
                "{\"step\":7,\"files\":[]}"))
        .isEqualTo(201);
  }

  private static Map<String, String> sealed(Map<String, String> answers) {
    var sealed = new TreeMap<>(answers);
    sealed.keySet().removeIf(request -> request.contains("nothing-sealed"));
    return sealed;
  }

  /** Answers what a rebuild has to name. */
  private static List<String> damage() throws IOException {
    var bucket = folder.resolve("s3/cairn");
    var run = "catalogue/glyph/glyph-60k-swap/checkpoints";
    var sealed = JSON.readTree(Files.readString(manifest(bucket.resolve(run), "step600")));
    var weights = "";
    for (var file : sealed.path("checkpoint").path("files")) {
      if (file.path("path").asText().endsWith(".safetensors")) {
        weights = file.path("sha256").asText();
      }
    }
    try (var uploads =
        Files.list(bucket.resolve("artifacts/" + weights.substring(0, 2) + "/" + weights))) {
      for (var upload : uploads.toList()) {
        Files.delete(upload);
      }
    }
    var flipped = manifest(bucket.resolve(run), "step1100");
    flip(flipped);
    Path record;
    try (var records = Files.list(bucket.resolve("records/projects/hidden"))) {
      record = records.findFirst().orElseThrow();
    }
    flip(record);
    return List.of(
        "glyph/glyph-60k-swap@step600 model.safetensors",
        flipped.getFileName().toString(),
        record.getFileName().toString());
  }

  private static Path manifest(Path manifests, String label) throws IOException {
    try (var all = Files.list(manifests)) {
      return all.filter(
              file -> {
                try {
                  return JSON.readTree(Files.readString(file))
                      .path("checkpoint")
                      .path("label")
                      .asText()
                      .equals(label);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .findFirst()
          .orElseThrow();
    }
  }

  private static void flip(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static Map<String, String> environment(String database) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + database);
    }
    var environment = new HashMap<>(CairnService.settings(postgres.getPort(), s3.getPort()));
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", postgres.getJdbcUrl("postgres", database));
    environment.put("CAIRN_ACCESS_ADMIN_TOKEN", ADMIN);
    environment.put("CAIRN_ACCESS_ANONYMOUS", "read");
    environment.put("CAIRN_TOKEN", ADMIN);
    return environment;
  }

  private static void publish(CairnService cairn, Map<String, String> environment, String run) {
    try (var publish =
        CairnProcess.start(
            CairnProcess.LAUNCHER,
            folder,
            environment,
            "publish",
            Suite.glyph().resolve("runs/" + run).toString(),
            "--project",
            "glyph",
            "--to",
            cairn.url())) {
      assertThat(publish.awaitExit(LONG)).as(publish.output()).isZero();
    }
  }

  private static JsonNode rebuild(Map<String, String> environment, int exitCode)
      throws IOException {
    try (var rebuild =
        CairnProcess.start(CairnProcess.LAUNCHER, folder, environment, "rebuild", "--json")) {
      assertThat(rebuild.awaitExit(LONG)).as(rebuild.output()).isEqualTo(exitCode);
      var report = rebuild.output().lines().filter(line -> line.startsWith("{")).findFirst();
      return report.isPresent() ? JSON.readTree(report.get()) : JSON.nullNode();
    }
  }

  /** All runs are examined, and the bucket knows of everything. */
  private static void awaitIdle() {
    await(
        "idle",
        LONG,
        () -> {
          try (var connection = postgres.getDatabase("postgres", "first").getConnection();
              var statement = connection.createStatement();
              var busy =
                  statement.executeQuery(
                      """
                      select (select count(*) from job where state in ('queued', 'running'))
                        + (select count(*) from catalogue_change)
                        + (select count(*) from catalogue_record where content is not null)
                      """)) {
            return busy.next() && busy.getLong(1) == 0;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int send(String method, String url, String body)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url))
                .header(
                    "Content-Type",
                    method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .header("If-Match", "*")
                .header("Authorization", "Bearer " + ADMIN)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
