package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.cairn.importer.AddressProbe.Answer;
import org.cairn.importer.LocationService.Due;
import org.cairn.importer.LocationService.LocationState;
import org.cairn.platform.Sql;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether others still have what releases say that they have. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class LocationTest {

  private static final UUID NOBODY = new UUID(0, 0);

  @Inject LocationService locations;
  @Inject Vertx vertx;
  @Inject Sql sql;

  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "AVAILABLE, 10, sha256, aa, 10, sha256, aa, AVAILABLE",
        "AVAILABLE, 10, sha256, aa, 11, sha256, aa, CHANGED",
        "AVAILABLE, 10, sha256, aa, 10, sha256, bb, CHANGED",
        "AVAILABLE, -, -, -, 10, etag, x, AVAILABLE",
        // Of another kind, digests say nothing of one another.
        "AVAILABLE, 10, sha256, aa, 10, etag, x, AVAILABLE",
        "GATED, 10, sha256, aa, -, -, -, GATED",
        "MISSING, 10, sha256, aa, -, -, -, MISSING",
        "REFUSED, 10, sha256, aa, -, -, -, REFUSED",
        "UNKNOWN, 10, sha256, aa, -, -, -, GATED"
      })
  void anAnswerIsHeldAgainstTheListing(
      AddressProbe.State said,
      Long size,
      String algorithm,
      String digest,
      Long answeredSize,
      String answeredAlgorithm,
      String answeredDigest,
      LocationState expected) {
    var location =
        new Due(
            NOBODY, NOBODY, "a", size, algorithm, digest, LocationState.GATED, null, null, null);
    assertThat(
            LocationService.verdict(
                    location, new Answer(said, "", answeredSize, answeredAlgorithm, answeredDigest))
                .state())
        .isEqualTo(expected);
    var seen =
        new Due(
            NOBODY, NOBODY, "a", null, null, null, LocationState.GATED, size, algorithm, digest);
    assertThat(
            LocationService.verdict(
                    seen, new Answer(said, "", answeredSize, answeredAlgorithm, answeredDigest))
                .state())
        .isEqualTo(expected);
  }

  @Test
  void whatIsGoneIsAFindingUntilItIsBack() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int status = statuses.getOrDefault(exchange.getRequestURI().getPath(), 200);
          exchange
              .getResponseHeaders()
              .set("ETag", tags.getOrDefault(exchange.getRequestURI().getPath(), "\"first\""));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    var client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    try {
      var project = Given.project();
      var host = "http://localhost:" + server.getAddress().getPort();
      var manifest = "Step,Checkpoint Directory\n";
      for (int i = 1; i <= 3; i++) {
        manifest += i * 1000 + "," + host + "/step" + i * 1000 + "/\n";
      }
      manifest += "4000,s3://bucket/step4000/\n";
      var id =
          Given.post(
                  "/v1/imports",
                  "{\"form\":\"manifest\",\"project\":\"%s\",\"files\":[{\"name\":\"run.csv\",\"sha256\":\"%s\"}]}"
                      .formatted(project, Given.artifact(manifest)))
              .statusCode(202)
              .extract()
              .<String>path("id");
      while (!given().get("/v1/imports/" + id).<String>path("state").equals("succeeded")) {
        Thread.sleep(20);
      }
      var launches =
          "{\"runs\":[{\"run\":\"run/stage2\",\"load_path\":\"%s/parent/step9000/\"}]}"
              .formatted(host);
      var named =
          Given.post(
                  "/v1/imports",
                  "{\"form\":\"launches\",\"project\":\"%s\",\"files\":[{\"name\":\"l.json\",\"sha256\":\"%s\"}]}"
                      .formatted(project, Given.artifact(launches)))
              .extract()
              .<String>path("id");
      while (!given().get("/v1/imports/" + named).<String>path("state").equals("succeeded")) {
        Thread.sleep(20);
      }
      var prober =
          new LocationProber(
              locations,
              new PublicHttp(
                  client,
                  name -> List.of(InetAddress.getLoopbackAddress()),
                  Set.of("localhost:" + server.getAddress().getPort())));
      statuses.put("/step2000/", 404);
      statuses.put("/step3000/", 403);
      statuses.put("/parent/step9000/", 410);
      askAll(prober);
      var run = "/v1/projects/" + project + "/runs/run";
      given()
          .get(run + "/locations")
          .then()
          .statusCode(200)
          .body("items.state", contains("missing", "available", "missing", "gated", "refused"))
          .body("items[1].checkpoint", is("step1000"));
      given()
          .get(run + "/locations?state=missing")
          .then()
          .body(
              "items.address", contains(containsString("/parent/"), containsString("/step2000/")));
      given().get(run + "/locations?state=nonsense").then().statusCode(400);
      given()
          .get(run + "/findings?class=location-missing")
          .then()
          .body("items", hasSize(1))
          .body("items[0].status", is("open"))
          .body("items[0].evidence.locations", is(2))
          .body("items[0].evidence.shown[1].address", is(host + "/step2000/"));
      given()
          .get(run + "/findings?class=unreachable-parent")
          .then()
          .body("items.status", contains("open"))
          .body("items[0].evidence.address", is(host + "/parent/step9000/"))
          .body("items[0].evidence.referencedBy", contains("run/stage2"));
      statuses.put("/step2000/", 200);
      statuses.put("/parent/step9000/", 200);
      tags.put("/step1000/", "\"second\"");
      askAll(prober);
      given()
          .get(run + "/findings?class=unreachable-parent")
          .then()
          .body("items.status", contains("fixed"));
      given()
          .get(run + "/findings?class=location-changed")
          .then()
          .body("items.status", contains("open"))
          .body("items[0].evidence.shown[0].address", is(host + "/step1000/"))
          .body("items[0].evidence.shown[0].reason", containsString("first"));
      given()
          .get(run + "/findings?class=location-missing")
          .then()
          .body("items[0].status", is("fixed"));
    } finally {
      client.close();
      server.stop(0);
    }
  }

  /** Of other tests, too: they are refused, since no name leads anywhere but here. */
  private void askAll(LocationProber prober) throws InterruptedException {
    QuarkusTransaction.requiringNew()
        .run(() ->
            sql.update(
                "update location set probe_after = now() where address like 'http://localhost:%'"
                    + " or address like 's3:%'",
                List.of()));
    while (prober.probe(1_000, 1_000, Duration.ofHours(1)) == 1_000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aRepositoryIsListedOverTheHubsProtocol() throws IOException, InterruptedException {
    var project = Given.project();
    var run = Given.run(project, "other", "\"title\":\"Other\"");
    for (int step : new int[] {0, 1000, 2000}) {
      var digest = Given.artifact("weights " + project + (step == 2000 ? 1000 : step));
      Given.post(
              run + "/checkpoints",
              "{\"step\":%d,\"files\":[{\"path\":\"model.safetensors\",\"sha256\":\"%s\",\"size\":%d}]}"
                  .formatted(
                      step, digest, ("weights " + project + (step == 2000 ? 1000 : step)).length()))
          .statusCode(201);
    }
    var client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    try {
      var said = new RunReading();
      var http =
          new PublicHttp(
              client,
              name -> List.of(InetAddress.getLoopbackAddress()),
              Set.of("localhost:" + RestAssured.port));
      new HubListing(http, "http://localhost:" + RestAssured.port, project + "/other", said)
          .read(() -> false);
      assertThat(said.listings.getFirst().checkpoints())
          .extracting(ListedCheckpoint::step)
          .contains(0L, 1000L, 2000L);
      assertThat(said.remoteFiles)
          .filteredOn(file -> file.path().equals("model.safetensors"))
          .allSatisfy(file -> assertThat(file.algorithm()).isEqualTo("sha256"))
          .extracting(RunReading.RemoteFile::revision)
          .contains("step0", "step1000", "step2000");
      var contents = said.contents.getFirst();
      assertThat(EqualContents.check(contents.file(), contents.published(), Set.of()))
          .singleElement()
          .satisfies(fault ->
              assertThat(fault.evidence().path("steps").toString()).isEqualTo("[1000,2000]"));
    } finally {
      client.close();
    }
  }
}
