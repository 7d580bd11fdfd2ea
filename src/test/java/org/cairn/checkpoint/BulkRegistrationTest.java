package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.cairn.platform.JsonLimits;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.Hostile;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** A stream of checkpoints: what each line may be, and what is said of it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class BulkRegistrationTest {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  @Test
  void linesEndAsTheyMayAndBlankOnesAreCountedButNotAnswered() throws IOException {
    var run = Given.run("");
    var results = bulk(run, "\r\n{\"step\":1}\r\n\n \t\n{\"step\":2}\n{\"step\":3}");
    assertThat(results).extracting(r -> r.get("line").intValue()).containsExactly(2, 5, 6);
    assertThat(results).allSatisfy(r -> assertThat(r.get("status").intValue()).isEqualTo(201));
    assertThat(bulk(run, "")).isEmpty();
    assertThat(bulk(run, "\n\n")).isEmpty();
  }

  @Test
  void aLineThatIsNoUtf8IsRefusedAlone() throws IOException {
    var run = Given.run("");
    var body = new ByteArrayOutputStream();
    body.writeBytes("{\"step\":1}\n{\"step\":2,\"label\":\"".getBytes(StandardCharsets.UTF_8));
    body.write(0xc3);
    body.writeBytes("\"}\n".getBytes(StandardCharsets.UTF_8));
    body.writeBytes("{\"step\":3}".getBytes(StandardCharsets.UTF_16BE));
    body.writeBytes("\n{\"step\":4}\n".getBytes(StandardCharsets.UTF_8));
    var results = bulk(run, body.toByteArray());
    assertThat(results)
        .extracting(r -> r.get("status").intValue())
        .containsExactly(201, 400, 400, 201);
    assertThat(results.get(1).at("/problem/violations/0/message").asText())
        .isEqualTo("is not UTF-8");
    given().get(run + "/checkpoints").then().body("items.step", contains(1, 4));
  }

  @Test
  void aLineOverTheLimitIsRefusedAndTheNextOneIsRead() throws IOException {
    var run = Given.run("");
    var results =
        bulk(
            run,
            "{\"step\":1,\"label\":\"" + "x".repeat(LineReader.LINE_MAX) + "\"}\n{\"step\":2}\n");
    assertThat(results).extracting(r -> r.get("status").intValue()).containsExactly(413, 201);
    assertThat(results.getFirst().at("/problem/type").asText()).isEqualTo("/problems/too-large");
    assertThat(results.getFirst().at("/problem/detail").asText())
        .contains(String.valueOf(LineReader.LINE_MAX));
  }

  @Test
  void linesBeyondTheLimitAreNotTakenAndTheAnswerSaysFromWhereOn() throws IOException {
    var run = Given.run("");
    var results =
        bulk(
            run,
            "{\"step\":1}"
                + "\n".repeat(BulkRegistration.LINES_MAX)
                + "{\"step\":2}\n{\"step\":3}\n");
    assertThat(results).hasSize(2);
    assertThat(results.get(0).get("status").intValue()).isEqualTo(201);
    assertThat(results.get(1).get("status").intValue()).isEqualTo(413);
    assertThat(results.get(1).get("line").intValue()).isEqualTo(BulkRegistration.LINES_MAX + 1);
    given().get(run + "/checkpoints").then().body("items.step", contains(1));
  }

  @Test
  void aLineThatComesTwiceIsTakenOnce() throws IOException {
    var run = Given.run("");
    var results = bulk(run, "{\"step\":1}\n{\"step\":1}\n{\"step\":1}\n");
    assertThat(results).extracting(r -> r.get("status").intValue()).containsExactly(201, 409, 409);
    assertThat(results.get(1).at("/problem/detail").asText()).contains("step 1");
  }

  @Test
  void aParentMayBeAnEarlierLineButNotALaterOne() throws IOException {
    var run = Given.run("");
    var results =
        bulk(
            run,
            """
            {"step":1}
            {"step":2,"parents":[{"kind":"resume","checkpoint":"step1"}]}
            {"step":3,"label":"three","parents":[{"kind":"resume","checkpoint":"step2"}]}
            {"step":4,"parents":[{"kind":"resume","checkpoint":"latest"}]}
            {"step":5,"parents":[{"kind":"resume","checkpoint":"step6"}]}
            {"step":6,"parents":[{"kind":"merge","checkpoint":"three"},{"kind":"merge","external":"x"}]}
            """);
    assertThat(results)
        .extracting(r -> r.get("status").intValue())
        .containsExactly(201, 201, 201, 201, 400, 201);
    assertThat(results.get(4).at("/problem/violations/0/field").asText())
        .isEqualTo("parents[0].checkpoint");
    given().get(run + "/checkpoints/step4").then().body("parents[0].resolved.label", is("three"));
  }

  @Test
  void aLineThatIsTakenBackDoesNotStandInTheWayOfTheNext() throws IOException {
    var run = Given.run("");
    bulk(run, "{\"step\":1,\"label\":\"taken\"}");
    // the first holds a and step 2 for a moment, but has a label that is taken
    var results =
        bulk(
            run,
            """
            {"step":2,"labels":["a","taken"]}
            {"step":3,"labels":["a"]}
            {"step":2,"label":"two"}
            {"step":4}
            {"step":4,"label":"again"}
            """);
    assertThat(results)
        .extracting(r -> r.get("status").intValue())
        .containsExactly(409, 201, 201, 201, 409);
    assertThat(results.getFirst().at("/problem/detail").asText()).contains("label taken");
    given().get(run + "/checkpoints/a").then().body("step", is(3));
  }

  @Test
  void oneBadLineCannotFillTheAnswer() throws IOException {
    var run = Given.run("");
    var files =
        String.join(
            ",", Collections.nCopies(20_000, "{\"path\":\"\",\"sha256\":null,\"size\":-1}"));
    var results = bulk(run, "{\"step\":1,\"files\":[" + files + "]}");
    assertThat(results.getFirst().get("status").intValue()).isEqualTo(400);
    assertThat(results.getFirst().at("/problem/violations")).hasSize(3);
    assertThat(results.getFirst().toString()).hasSizeLessThan(2_000);
    var field = bulk(run, "{\"step\":1,\"" + "\u00e9".repeat(900) + "\":1}");
    assertThat(field.getFirst().toString()).hasSizeLessThan(2_000);
  }

  @Test
  void manyStreamsWithTheSameStepsInOtherOrdersTakeEachOnce() throws Exception {
    var run = Given.run("");
    var lines =
        new ArrayList<>(IntStream.range(0, 2_000).mapToObj(i -> "{\"step\":" + i + "}").toList());
    var streams = new ArrayList<Callable<Long>>();
    for (int i = 0; i < 4; i++) {
      Collections.shuffle(lines, new java.util.Random(i));
      var body = String.join("\n", lines);
      streams.add(
          () -> bulk(run, body).stream().filter(r -> r.get("status").intValue() == 201).count());
    }
    long taken = 0;
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (var stream : pool.invokeAll(streams)) {
        taken += stream.get();
      }
    }
    assertThat(taken).isEqualTo(2_000);
    given().get(run + "/checkpoints?pageSize=2000").then().body("items", hasSize(2_000));
  }

  @Test
  void whateverALineIsItIsAnsweredAndTheOthersAreTaken() throws IOException {
    var run = Given.run("");
    var random = new SplittableRandom(20261122);
    var document =
        "{\"step\":7,\"stage\":\"s\",\"branch\":\"b\",\"tokens\":1,\"kind\":\"extra\",\"components\":{\"rng\":\"lost\"},"
            + "\"label\":\"l\",\"labels\":[\"m\"],\"takenAt\":\"2026-01-01T00:00:00Z\",\"metadata\":{\"a\":[1.5]},"
            + "\"parents\":[{\"kind\":\"fork\",\"external\":\"x\",\"coefficient\":1.5}],"
            + "\"files\":[{\"path\":\"p\",\"sha256\":\""
            + "0".repeat(64)
            + "\",\"size\":1}]}";
    var body = new StringBuilder();
    int lines = 4_000;
    for (int i = 0; i < lines; i++) {
      var line =
          (random.nextInt(10) == 0
                  ? Hostile.text(random)
                  : Hostile.mutated(random, document.replace(":7", ":" + i)))
              .replace('\n', ' ');
      body.append(line.isBlank() ? "x" : line).append('\n');
    }
    var results = bulk(run, body.append("{\"step\":1000000}").toString());
    assertThat(results).hasSize(lines + 1);
    assertThat(results)
        .allSatisfy(r -> assertThat(r.get("status").intValue()).isIn(201, 400, 409, 413));
    assertThat(results.getLast().get("status").intValue()).isEqualTo(201);
    var taken = results.stream().filter(r -> r.get("status").intValue() == 201).toList();
    var listed = new ArrayList<String>();
    var token = "";
    do {
      var page =
          JSON.readTree(
              given()
                  .queryParam("pageSize", 500)
                  .queryParam("pageToken", token)
                  .get(run + "/checkpoints")
                  .then()
                  .statusCode(200)
                  .extract()
                  .asByteArray());
      page.get("items").forEach(item -> listed.add(item.get("label").asText()));
      token = page.path("nextPageToken").asText();
    } while (!token.isEmpty());
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            taken.stream().map(r -> r.get("label").asText()).toList());
  }

  private static List<JsonNode> bulk(String run, String body) throws IOException {
    return bulk(run, body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<JsonNode> bulk(String run, byte[] body) throws IOException {
    var answer =
        given()
            .contentType("application/x-ndjson")
            .body(body)
            .post(run + "/checkpoints/bulk")
            .then()
            .statusCode(200)
            .extract()
            .asByteArray();
    var results = new ArrayList<JsonNode>();
    for (var line : new String(answer, StandardCharsets.UTF_8).lines().toList()) {
      results.add(JSON.readTree(line));
    }
    return results;
  }
}
