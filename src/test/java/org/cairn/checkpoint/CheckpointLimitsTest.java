package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds of checkpoints, and what says from which state they are changed. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class CheckpointLimitsTest {

  private static final String SHA = "a".repeat(64);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"takenAt\":\"+1000000000-12-31T23:59:59Z\" | takenAt",
        "\"takenAt\":1700000000 | takenAt",
        "\"components\":{\"weights\":null} | components[weights]",
        "\"labels\":[\"a\",\"b c\"] | labels[1]",
        "\"parents\":[{\"kind\":\"merge\",\"external\":\"x\",\"coefficient\":1e999}] | parents[0].coefficient",
        "\"parents\":[{\"kind\":\"merge\"}] | parents[0]",
      })
  void refusesByTheNameOfTheField(String field, String name) {
    var run = Given.run("");
    refused(Api.post(run + "/checkpoints", "{\"step\":1," + field + "}"), name);
    given().get(run + "/checkpoints").then().body("items", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"metadata\":{\"a\":1e400}",
        "\"metadata\":{\"a\":1e2147483647}",
        "\"metadata\":{\"a\":1e99999999999999}",
        "\"parents\":[{\"kind\":\"merge\",\"external\":\"x\",\"coefficient\":1e999}]"
      })
  void numbersThatNothingHoldsAreRefusedWithAKeyAsWell(String field) {
    var run = Given.run("");
    for (var headers :
        List.of(Map.<String, String>of(), Map.of("Idempotency-Key", Api.unique("k")))) {
      refused(
          Api.post(run + "/checkpoints", "{\"step\":1," + field + "}", headers),
          400,
          "invalid-request");
    }
  }

  @Test
  void sizesAreExactTogetherAsWell() {
    var run = Given.run("");
    refused(
        Api.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[%s,%s]}".formatted(file("a", Long.MAX_VALUE), file("b", 1))),
        "files");
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + file("a", Long.MAX_VALUE) + "]}")
        .statusCode(201)
        .body("totalSize", is(Long.MAX_VALUE));
    refused(
        Api.post(run + "/checkpoints/step1/files", "{\"files\":[" + file("b", 1) + "]}"), "files");
    refused(
        Api.post(run + "/checkpoints/step1/files", "{\"files\":[" + file("a/b", 0) + "]}"),
        "files");
    given().get(run + "/checkpoints").then().body("items[0].fileCount", is(1));
  }

  @Test
  void longPathsOfAnyScriptAreStoredOrRefused() {
    var run = Given.run("");
    // no two alike, so that nothing compresses them
    var name =
        IntStream.range(0, 85)
            .mapToObj(i -> Character.toString(0x4e00 + 97 * i))
            .collect(Collectors.joining());
    var path = name + "/" + name + "/" + name + "/" + name;
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[" + file(path.substring(0, 341), 1) + "]}")
        .statusCode(201);
    refused(
        Api.post(
            run + "/checkpoints/step1/files", "{\"files\":[" + file(path + "/" + name, 1) + "]}"),
        "files[0].path");
  }

  @Test
  void aChangeCanSayFromWhichStateItIsMade() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var first = given().get(run + "/checkpoints/step1").header("ETag");
    assertThat(first).matches("\"v\\d+\"");
    put(run + "/labels/main", "step1");
    var second = given().get(run + "/checkpoints/step1").header("ETag");
    assertThat(second).isNotEqualTo(first);
    var files = "{\"files\":[" + file("a", 1) + "]}";
    given()
        .contentType("application/json")
        .header("If-Match", first)
        .body(files)
        .post(run + "/checkpoints/step1/files")
        .then()
        .statusCode(412);
    given()
        .contentType("application/json")
        .header("If-Match", second)
        .body(files)
        .post(run + "/checkpoints/step1/files")
        .then()
        .statusCode(200);
    given()
        .header("If-Match", second)
        .delete(run + "/checkpoints/step1/files/a")
        .then()
        .statusCode(412);
    given().header("If-Match", second).delete(run + "/checkpoints/step1").then().statusCode(412);
    given().get(run + "/checkpoints/step1").then().body("files", hasSize(1));
    Given.post(run + "/checkpoints", "{\"step\":2}").statusCode(201);
    var third = given().get(run + "/checkpoints/step1").header("ETag");
    put(run + "/labels/main", "step2");
    assertThat(given().get(run + "/checkpoints/step1").header("ETag")).isNotEqualTo(third);
    given().header("If-Match", "*").delete(run + "/checkpoints/step1").then().statusCode(204);
  }

  @Test
  void filesAreAddedOnceForAKeyEvenIfTheyWereTakenOutSince() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      given()
          .contentType("application/json")
          .header("Idempotency-Key", key)
          .body("{\"files\":[" + file("a", 1) + "]}")
          .post(run + "/checkpoints/step1/files")
          .then()
          .statusCode(200)
          .body("files", hasSize(1));
      given().delete(run + "/checkpoints/step1/files/a");
    }
    given().get(run + "/checkpoints/step1/files").then().body("files", hasSize(0));
  }

  @Test
  void theHistoryOfLabelsComesByPages() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1,\"labels\":[\"c\",\"a\",\"b\"]}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"step\":2}").statusCode(201);
    for (int i = 0; i < 5; i++) {
      put(run + "/labels/main", "step" + (1 + i % 2));
    }
    var seen = new ArrayList<String>();
    String token = "";
    do {
      var page =
          given()
              .queryParam("pageSize", 2)
              .queryParam("pageToken", token)
              .get(run + "/labels")
              .then()
              .statusCode(200)
              .extract();
      seen.addAll(page.<List<String>>path("items.label"));
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen)
        .containsExactly("a", "b", "c", "step1", "step2", "main", "main", "main", "main", "main");
    given()
        .get(run + "/labels?label=main&pageSize=4")
        .then()
        .body("items", hasSize(4))
        .body("nextPageToken", not(nullValue()));
    refused(given().get(run + "/labels?pageToken=zzz"), "pageToken");
    refused(Api.get(run + "/labels?label=a%00b"), "label");
    refused(Api.get(run + "/checkpoints?stage=a%00b"), "stage");
    refused(given().delete(run + "/labels/none"), 404, "not-found");
  }

  @Test
  void aPageEndsWhereItsFilesAreTooMany() {
    var run = Given.run("");
    var files =
        IntStream.range(0, 20_000).mapToObj(i -> file("f" + i, 1)).collect(Collectors.joining(","));
    for (int step = 0; step < 7; step++) {
      Given.post(run + "/checkpoints", "{\"step\":" + step + ",\"files\":[" + files + "]}")
          .statusCode(201);
    }
    String token =
        given()
            .get(run + "/checkpoints?include=files")
            .then()
            .statusCode(200)
            .body("items.step", contains(0, 1, 2, 3, 4))
            .extract()
            .path("nextPageToken");
    given()
        .get(run + "/checkpoints?include=files&pageToken=" + token)
        .then()
        .body("items.step", contains(5, 6))
        .body("nextPageToken", nullValue());
    refused(given().get(run + "/checkpoints?include=files&spacing=log&points=7"), "include");
    given().get(run + "/checkpoints?spacing=log&points=7").then().body("items", hasSize(7));
  }

  @Test
  void aClaimMayCountAlongTheLineage() {
    var run = Given.run("");
    Given.post(
            run + "/segments",
            """
            {"name":"a","stage":"a","endStep":10,
             "batchSchedule":[{"fromStep":0,"sequencesPerStep":2,"sequenceLength":3}]}
            """)
        .statusCode(201);
    Given.post(run + "/checkpoints", "{\"stage\":\"a\",\"step\":10}").statusCode(201);
    Given.post(
            run + "/segments",
            """
            {"name":"b","stage":"b",
             "batchSchedule":[{"fromStep":0,"sequencesPerStep":2,"sequenceLength":3}],
             "parents":[{"kind":"fork","checkpoint":"a-step10"}]}
            """)
        .statusCode(201);
    Given.post(run + "/checkpoints", "{\"stage\":\"b\",\"step\":1,\"tokens\":66,\"sequences\":22}")
        .statusCode(201);
    Given.post(run + "/checkpoints", "{\"stage\":\"b\",\"step\":2,\"sequences\":4}")
        .statusCode(201);
    given().get(run + "/findings").then().body("items", hasSize(0));
    Given.post(run + "/checkpoints", "{\"stage\":\"b\",\"step\":3,\"sequences\":7}")
        .statusCode(201);
    given()
        .get(run + "/findings")
        .then()
        .body("items.evidence.claimedSequences", contains(7))
        .body("items.evidence.computedSequences", contains(6));
  }

  private static String file(String path, long size) {
    return "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}".formatted(path, SHA, size);
  }

  private static void put(String label, String checkpoint) {
    given()
        .contentType("application/json")
        .body("{\"checkpoint\":\"" + checkpoint + "\"}")
        .put(label)
        .then()
        .statusCode(200);
  }
}
