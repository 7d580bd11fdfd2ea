package org.cairn.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.Hostile;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Whatever a stranger sends to the catalogue is an answer or a problem, never a fault of ours. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ForeignBytesTest {

  private static final int ROUNDS = 60;
  private static final String SHA = "b".repeat(64);

  @Test
  void bodies() {
    var project = Given.project();
    var run = Given.run(project, "run", "");
    var base = "/v1/projects/" + project;
    Given.post(base + "/datasets", "{\"name\":\"d\"}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var bodies = new LinkedHashMap<String, String>();
    bodies.put("/v1/projects", "{\"name\":\"n\",\"title\":\"t\",\"metadata\":{\"a\":[1]}}");
    bodies.put(
        base + "/runs",
        """
        {"name":"r","family":"f","axes":{"seed":1},"status":"running",
         "batchSchedule":[{"fromStep":0,"sequencesPerStep":1,"sequenceLength":2}],
         "checkpointSchedule":[{"explicit":[0,1]},{"every":10,"from":10,"to":90}]}
        """);
    bodies.put(
        run + "/segments",
        """
        {"name":"s","ordinal":3,"startStep":5,"endStep":9,"argv":["a"],"seeds":{"init":1},
         "dataOrder":{"kind":"recipe","recipe":{"seed":1}},"before":{"steps":5,"tokens":9},
         "parents":[{"kind":"resume","checkpoint":"step1","coefficient":1.5}],"code":{"commit":"c"}}
        """);
    bodies.put(
        base + "/configurations", "{\"name\":\"c\",\"resolved\":{\"lr\":1e-4,\"x\":[true,null]}}");
    bodies.put(
        base + "/datasets/d/versions",
        "{\"version\":\"1\",\"files\":[{\"path\":\"a\",\"location\":\"l\",\"size\":1}],\"tokens\":1}");
    bodies.put(
        run + "/checkpoints",
        """
        {"step":7,"stage":"a","label":"l","labels":["m"],"takenAt":"2026-01-01T00:00:00Z",
         "components":{"rng":"lost"},"files":[{"path":"p","sha256":"%s","size":1}]}
        """
            .formatted(SHA));
    bodies.put(
        run + "/checkpoints/step1/files",
        "{\"files\":[{\"path\":\"p\",\"sha256\":\"%s\",\"size\":1}]}".formatted(SHA));
    bodies.put(
        run + "/files",
        "{\"files\":[{\"path\":\"p\",\"sha256\":\"%s\",\"size\":1}]}".formatted(SHA));
    var random = new SplittableRandom(20261122);
    bodies.forEach((path, body) -> {
      for (int i = 0; i < ROUNDS; i++) {
        var sent = Hostile.mutated(random, body);
        answered(
            given()
                .contentType("application/json")
                .body(sent.getBytes(StandardCharsets.UTF_8))
                .post(path),
            path + " " + sent);
      }
    });
    assertThat(given().get(run + "/checkpoints?pageSize=2000").statusCode()).isEqualTo(200);
    assertThat(given().get(base + "/runs?pageSize=500").statusCode()).isEqualTo(200);
    assertThat(given().get(run + "/segments?pageSize=200").statusCode()).isEqualTo(200);
    assertThat(given().get(run + "/lineage").statusCode()).isEqualTo(200);
  }

  @Test
  void addresses() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var random = new SplittableRandom(7);
    var parameters =
        List.of(
            "pageToken",
            "stage",
            "branch",
            "stepFrom",
            "tokensTo",
            "kind",
            "state",
            "has",
            "spacing",
            "points",
            "nearestStep",
            "nearestTokens",
            "include",
            "pageSize",
            "label",
            "status",
            "class",
            "depth",
            "family",
            "name");
    var lists =
        List.of("/checkpoints", "/labels", "/segments", "/findings", "/files", "/lineage", "/../");
    for (int i = 0; i < 10 * ROUNDS; i++) {
      var path =
          switch (random.nextInt(5)) {
            case 0 -> run + "/checkpoints/" + encoded(Hostile.text(random));
            case 1 -> run + "/checkpoints/step1/files/" + encoded(Hostile.text(random));
            case 2 -> "/v1/projects/" + encoded(Hostile.text(random)) + "/runs";
            case 3 ->
                run
                    + "/checkpoints?pageToken="
                    + Base64.getUrlEncoder()
                        .encodeToString(
                            ("1\u001f" + Hostile.text(random) + "\u001f\u001f" + run)
                                .getBytes(StandardCharsets.UTF_8));
            default ->
                run
                    + lists.get(random.nextInt(lists.size()))
                    + "?"
                    + parameters.get(random.nextInt(parameters.size()))
                    + "="
                    + encoded(Hostile.text(random));
          };
      answered(given().urlEncodingEnabled(false).redirects().follow(false).get(path), path);
    }
  }

  @Test
  void labelsAndKeys() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var random = new SplittableRandom(8);
    for (int i = 0; i < 2 * ROUNDS; i++) {
      var path = run + "/labels/" + encoded(Hostile.text(random));
      answered(
          given()
              .urlEncodingEnabled(false)
              .contentType("application/json")
              .body("{\"checkpoint\":\"step1\"}")
              .put(path),
          path);
      answered(given().urlEncodingEnabled(false).delete(path), path);
      var key = header(random);
      answered(
          given()
              .contentType("application/json")
              .header("Idempotency-Key", key)
              .body("{\"step\":" + i + "}")
              .post(run + "/checkpoints"),
          key);
      answered(given().header("If-Match", key).delete(run + "/checkpoints/step" + i), key);
    }
  }

  private static String header(RandomGenerator random) {
    return Hostile.text(random).replaceAll("[^\\x20-\\x7e]", "") + "k";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void answered(Response response, String sent) {
    assertThat(response.statusCode()).as(sent + " -> " + response.asString()).isLessThan(500);
    if (response.statusCode() >= 400 && !response.asString().isEmpty()) {
      assertThat(response.contentType()).as(sent).startsWith("application/problem+json");
    }
  }
}
