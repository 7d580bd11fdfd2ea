package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class CheckpointResourceTest {

  private static final String PYTHIA_BATCH =
      "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1024,\"sequenceLength\":2048}]";

  private static byte[] random() {
    return ("bytes of " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  }

  private static String file(String path, byte[] bytes) {
    return "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d,\"role\":\"weights\"}"
        .formatted(path, Sha256.of(bytes), bytes.length);
  }

  @Test
  void registersSealsAndReadsBack() throws Exception {
    var run = Given.run(PYTHIA_BATCH);
    var bytes = random();
    Given.artifact(bytes);
    Given.post(
            run + "/checkpoints",
            "{\"step\":1000,\"labels\":[\"step1000-tokens2B\"],\"components\":{\"weights\":\"present\",\"optimizer\":\"absent\"},"
                + "\"files\":["
                + file("model.safetensors", bytes)
                + "]}")
        .statusCode(201)
        .header("Location", endsWith(run + "/checkpoints/step1000"))
        .body("label", is("step1000"))
        .body("labels", hasItem("step1000-tokens2B"))
        .body("tokens", is(2_097_152_000))
        .body("sequences", is(1_024_000))
        .body("state", is("draft"))
        .body("files[0].state", is("verified"));

    var sealed =
        given()
            .post(run + "/checkpoints/step1000/seal")
            .then()
            .statusCode(200)
            .body("state", is("sealed"))
            .extract();
    String digest = sealed.path("manifestDigest");
    var manifest =
        given()
            .get(run + "/checkpoints/step1000/manifest")
            .then()
            .statusCode(200)
            .extract()
            .asByteArray();
    assertThat(Sha256.of(manifest).hex()).isEqualTo(digest);
    given()
        .get(run + "/checkpoints/step1000-tokens2B")
        .then()
        .statusCode(200)
        .body("label", is("step1000"))
        .body("manifestDigest", is(digest))
        .body("weightsDigest", nullValue());
    var file = Given.download(run + "/checkpoints/step1000/files/model.safetensors");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isEqualTo(bytes);
    given()
        .head(run + "/checkpoints/step1000/files/model.safetensors")
        .then()
        .statusCode(200)
        .header("ETag", "\"" + Sha256.of(bytes) + "\"")
        .header("Content-Length", String.valueOf(bytes.length));
    given()
        .post(run + "/checkpoints/step1000/seal")
        .then()
        .statusCode(200)
        .body("manifestDigest", is(digest));
  }

  /** What is answered is made of what was written, not read again. */
  @Test
  void theAnswerToARegistrationIsWhatIsReadLater() throws Exception {
    var run = Given.run(PYTHIA_BATCH);
    Given.post(run + "/segments", "{\"name\":\"main\",\"startStep\":0}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var here = random();
    Given.artifact(here);
    var answer =
        Given.post(
                run + "/checkpoints",
                """
                {"step":1000,"segment":"MAIN","labels":["z","step1000-tokens2B","B","a"],"tokens":2097152001,
                 "components":{"optimizer":"absent","weights":"present"},
                 "parents":[{"kind":"resume","checkpoint":"step1"}],
                 "takenAt":"2026-11-23T12:34:56.123456789+02:00",
                 "metadata":{"zz":1e2,"a":{"long":9007199254740993123,"third":0.33333333333333333333},"b":[1.0,null]},
                 "representations":[{"format":"gguf","converter":{"tool":"convert.py"}}],
                 "files":[%s,%s]}
                """
                    .formatted(file("z.safetensors", here), file("B/a.bin", random())))
            .statusCode(201)
            .extract()
            .asString();
    assertThat(answer)
        .isEqualTo(given().get(run + "/checkpoints/step1000").then().extract().asString());
  }

  @Test
  void sealedNeverChanges() throws Exception {
    var run = Given.run("");
    var bytes = random();
    Given.artifact(bytes);
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + file("a", bytes) + "]}")
        .statusCode(201);
    given().post(run + "/checkpoints/step1/seal").then().statusCode(200);
    Given.post(run + "/checkpoints/step1/files", "{\"files\":[" + file("b", bytes) + "]}")
        .statusCode(409)
        .body("type", is("/problems/sealed"));
    given()
        .delete(run + "/checkpoints/step1/files/a")
        .then()
        .statusCode(409)
        .body("type", is("/problems/sealed"));
    given()
        .delete(run + "/checkpoints/step1")
        .then()
        .statusCode(409)
        .body("type", is("/problems/sealed"));
    given()
        .get(run + "/checkpoints/step1")
        .then()
        .body("files", hasSize(1))
        .body("state", is("sealed"));
  }

  @Test
  void doesNotSealWhatIsIncomplete() throws Exception {
    var run = Given.run("");
    var bytes = random();
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + file("a/b.bin", bytes) + "]}")
        .statusCode(201)
        .body("files[0].state", is("missing"));
    given()
        .post(run + "/checkpoints/step1/seal")
        .then()
        .statusCode(409)
        .body("type", is("/problems/incomplete"))
        .body("violations[0].field", is("a/b.bin"))
        .body("violations[0].message", containsString(Sha256.of(bytes).hex()));
    Given.post(run + "/checkpoints", "{\"step\":2}").statusCode(201);
    given()
        .post(run + "/checkpoints/step2/seal")
        .then()
        .statusCode(409)
        .body("violations[0].field", is("files"));
    // The declared size is a claim about the same bytes.
    Given.artifact(bytes);
    Given.post(
            run + "/checkpoints",
            "{\"step\":3,\"files\":[{\"path\":\"a\",\"sha256\":\"%s\",\"size\":1}]}"
                .formatted(Sha256.of(bytes)))
        .statusCode(201);
    given()
        .post(run + "/checkpoints/step3/seal")
        .then()
        .statusCode(409)
        .body("violations[0].message", containsString("is declared with 1 bytes"));
    given().post(run + "/checkpoints/step1/seal").then().statusCode(200);
  }

  @Test
  void aFailedVerificationGivesTheDraftBack() throws Exception {
    var run = Given.run("");
    var promised = random();
    var sent = random();
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + file("a", promised) + "]}")
        .statusCode(201);
    Given.startVerifying(sent, Sha256.of(promised));
    given()
        .post(run + "/checkpoints/step1/seal")
        .then()
        .statusCode(409)
        .body("type", is("/problems/incomplete"))
        .body("detail", containsString(Sha256.of(sent).hex()))
        .body("detail", containsString(Sha256.of(promised).hex()));
    given().get(run + "/checkpoints/step1").then().body("state", is("draft"));
    given().get(run + "/checkpoints/step1/files/a").then().statusCode(404);
    Given.artifact(promised);
    given().post(run + "/checkpoints/step1/seal").then().statusCode(200);
  }

  @Test
  void twoSealsAtOnceGiveOneManifest() throws Exception {
    var run = Given.run("");
    var bytes = random();
    Given.artifact(bytes);
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + file("a", bytes) + "]}")
        .statusCode(201);
    List<Callable<String>> seals = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      seals.add(() ->
          given()
              .post(run + "/checkpoints/step1/seal")
              .then()
              .statusCode(200)
              .extract()
              .<String>path("manifestDigest"));
    }
    try (var pool = Executors.newFixedThreadPool(8)) {
      var digests = new ArrayList<String>();
      for (var future : pool.invokeAll(seals)) {
        digests.add(future.get());
      }
      assertThat(digests).hasSize(8).doesNotContainNull();
      assertThat(digests.stream().distinct()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../up",
        "/absolute",
        "",
        "a//b",
        "a/./b",
        "a/../b",
        "C:/windows",
        "back\\\\slash",
        ".git/config",
        "a/.cache/b",
        "tab\\there",
        "a/"
      })
  void refusesPathsThatNoDiskShouldSee(String path) {
    var run = Given.run("");
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":1}]}"
                .formatted(path, "a".repeat(64)))
        .statusCode(400)
        .body("type", is("/problems/invalid-request"))
        .body("violations[0].field", is("files[0].path"));
    given().get(run + "/checkpoints").then().body("items", hasSize(0));
  }

  @Test
  void refusesAFileThatIsAFolderOfAnother() {
    var run = Given.run("");
    var sha = "a".repeat(64);
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"x\",\"sha256\":\"%s\",\"size\":1},{\"path\":\"x/y\",\"sha256\":\"%s\",\"size\":1}]}"
                .formatted(sha, sha))
        .statusCode(400)
        .body("detail", containsString("x is a file and a folder of x/y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"step\":-1}",
        "{\"step\":9223372036854775808}",
        "{\"step\":1.5}",
        "{\"step\":\"1\"}",
        "{\"step\":true}",
        "{}",
        "{\"step\":null}",
        "{\"step\":1,\"tokens\":-5}",
        "{\"step\":1,\"kind\":\"final\"}",
        "{\"step\":1,\"unknown\":1}",
        "{\"step\":1,\"step\":2}",
        "{\"step\":1,\"label\":\"latest\"}",
        "{\"step\":1,\"label\":\"0123456789012345678901234567890123456789\"}",
        "{\"step\":1,\"label\":\"two words\"}",
        "{\"step\":1,\"label\":\"sha256:abc\"}",
        "{\"step\":1,\"stage\":\"a b\"}",
        "{\"step\":1,\"segment\":\"none\"}",
        "{\"step\":1,\"components\":{\"brain\":\"present\"}}",
        "[1]",
        "null",
        "",
        "{\"step\":1",
        "\"text\"",
        "{\"step\":1,\"metadata\":{\"nul\":\"\\u0000\"}}",
        "{\"step\":1,\"parents\":[{\"kind\":\"fork\",\"checkpoint\":\"step0\"}]}",
        "{\"step\":1,\"parents\":[{\"kind\":\"fork\",\"checkpoint\":\"nobody/nothing@step0\"}]}"
      })
  void refusesWhatIsOutsideTheLimits(String body) {
    var run = Given.run("");
    Given.post(run + "/checkpoints", body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", is("/problems/invalid-request"))
        .body("detail", notNullValue());
    given().get(run + "/checkpoints").then().body("items", hasSize(0));
  }

  @Test
  void namesTheFieldAndTheLimit() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":-1}").body("violations[0].field", is("step"));
    Given.post(run + "/checkpoints", "{\"step\":9223372036854775808}")
        .body("violations[0].field", is("step"))
        .body("violations[0].message", containsString("64-bit"));
    var deep = "{\"step\":1,\"metadata\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(100) + "}";
    Given.post(run + "/checkpoints", deep).statusCode(400).body("detail", containsString("64"));
    Given.post(run + "/checkpoints", "{\"step\":9223372036854775807}")
        .statusCode(201)
        .body("step", equalTo(Long.MAX_VALUE));
  }

  @Test
  void aStepIsThereOnlyOnce() {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":5,\"stage\":\"s\",\"branch\":\"b\"}")
        .statusCode(201);
    Given.post(
            run + "/checkpoints",
            "{\"step\":5,\"stage\":\"s\",\"branch\":\"b\",\"label\":\"other\"}")
        .statusCode(409)
        .body("type", is("/problems/conflict"))
        .body("detail", containsString("step 5"));
    Given.post(
            run + "/checkpoints",
            "{\"step\":5,\"stage\":\"s\",\"branch\":\"c\",\"label\":\"s-b-step5\"}")
        .statusCode(409)
        .body("detail", containsString("label s-b-step5"));
    Given.post(run + "/checkpoints", "{\"step\":5,\"stage\":\"s\",\"branch\":\"c\"}")
        .statusCode(201)
        .body("label", is("s-c-step5"));
    given().get(run + "/checkpoints").then().body("items", hasSize(2));
  }

  @Test
  void repeatsAnAnswerForTheSameKey() {
    var run = Given.run("");
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      given()
          .contentType("application/json")
          .header("Idempotency-Key", key)
          .body("{\"step\":7}")
          .post(run + "/checkpoints")
          .then()
          .statusCode(201)
          .body("step", is(7));
    }
    given()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body("{\"step\":8}")
        .post(run + "/checkpoints")
        .then()
        .statusCode(409)
        .body("type", is("/problems/idempotency-mismatch"));
  }

  @Test
  void keepsAClaimThatDiffersFromTheScheduleAndSaysSo() {
    var run = Given.run(PYTHIA_BATCH);
    Given.post(run + "/checkpoints", "{\"step\":10,\"tokens\":5,\"sequences\":10240}")
        .statusCode(201)
        .body("tokens", is(20_971_520))
        .body("claimed.tokens", is(5));
    Given.post(run + "/checkpoints", "{\"step\":11,\"tokens\":23068672}").statusCode(201);
    given()
        .get(run + "/findings")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].class", is("counts-differ-from-schedule"))
        .body("items[0].checkpoint", is("step10"))
        .body("items[0].evidence.claimedTokens", is(5))
        .body("items[0].evidence.computedTokens", is(20_971_520))
        .body("items[0].evidence.claimedSequences", nullValue());
  }

  @Test
  void keepsAStepThatItsSegmentDoesNotTrainAndSaysSo() {
    var run = Given.run(PYTHIA_BATCH);
    Given.post(run + "/segments", "{\"name\":\"short\",\"startStep\":0,\"endStep\":100}")
        .statusCode(201);
    Given.post(run + "/checkpoints", "{\"segment\":\"short\",\"step\":100}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"segment\":\"short\",\"step\":101}").statusCode(201);
    given()
        .get(run + "/findings")
        .then()
        .body("items", hasSize(1))
        .body("items[0].class", is("step-outside-segment"))
        .body("items[0].checkpoint", is("step101"))
        .body("items[0].evidence.endStep", is(100));
  }

  @Test
  void listsFiltersAndPages() {
    var run = Given.run(PYTHIA_BATCH);
    var steps = List.of(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 2000, 3000);
    bulk(
            run,
            steps.stream()
                .map(s ->
                    "{\"step\":%d,\"components\":{\"optimizer\":\"%s\"}}"
                        .formatted(s, s % 1000 == 0 ? "present" : "absent"))
                .toList())
        .forEach(line -> assertThat(line).contains("201"));
    var seen = new ArrayList<Integer>();
    String token = "";
    do {
      var page =
          given()
              .queryParam("pageSize", 4)
              .queryParam("pageToken", token)
              .get(run + "/checkpoints")
              .then()
              .statusCode(200)
              .extract();
      seen.addAll(page.<List<Integer>>path("items.step"));
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen).isEqualTo(steps);
    given()
        .get(run + "/checkpoints?stepFrom=8&stepTo=64")
        .then()
        .body("items.step", contains(8, 16, 32, 64));
    given()
        .get(run + "/checkpoints?tokensFrom=2097152&tokensTo=4194304")
        .then()
        .body("items.step", contains(1, 2));
    given()
        .get(run + "/checkpoints?has=optimizer")
        .then()
        .body("items.step", contains(0, 1000, 2000, 3000));
    given().get(run + "/checkpoints?nearestStep=700").then().body("items.step", contains(512));
    given()
        .get(run + "/checkpoints?nearestTokens=5000000000")
        .then()
        .body("items.step", contains(2000));
    given()
        .get(run + "/checkpoints?spacing=log&points=5")
        .then()
        .body("items.step", hasSize(5))
        .body("items[0].step", is(0))
        .body("items[4].step", is(3000));
    given().get(run + "/checkpoints/latest").then().body("step", is(3000));
    given().get(run + "/checkpoints/terminal").then().statusCode(404);
    given().get(run + "/checkpoints?pageToken=zzz").then().statusCode(400);
    given().get(run + "/checkpoints?pageSize=2001").then().statusCode(400);
    given()
        .get(run + "/checkpoints?has=soul")
        .then()
        .statusCode(400)
        .body("violations[0].field", is("has"));
    given().get(run + "/checkpoints?spacing=log&nearestStep=1").then().statusCode(400);
  }

  @Test
  void registersTenThousandInOneStreamWithALineForEach() {
    var run = Given.run(PYTHIA_BATCH);
    var lines =
        new ArrayList<>(
            IntStream.range(0, 10_000)
                .mapToObj(i ->
                    "{\"step\":%d,\"files\":[{\"path\":\"model.safetensors\",\"sha256\":\"%064x\",\"size\":%d,\"role\":\"weights\"}]}"
                        .formatted(i, i, i))
                .toList());
    lines.set(17, "{\"step\":-17}");
    lines.set(4321, "not json");
    lines.set(9000, "{\"step\":8999}");
    var results = bulk(run, lines);
    assertThat(results).hasSize(10_000);
    assertThat(results.get(0)).contains("\"line\":1,", "\"status\":201", "\"label\":\"step0\"");
    assertThat(results.get(17)).contains("\"line\":18,", "\"status\":400", "step");
    assertThat(results.get(4321)).contains("\"status\":400", "not well-formed JSON");
    assertThat(results.get(9000)).contains("\"status\":409", "step 8999");
    given()
        .get(run + "/checkpoints?pageSize=1500&include=files")
        .then()
        .body("items", hasSize(1500))
        .body("items[1499].files", hasSize(1));
    given().get(run + "/checkpoints/latest").then().body("step", is(9999));
    // The same stream again changes nothing.
    assertThat(bulk(run, lines.subList(0, 5))).allSatisfy(line -> assertThat(line).contains("409"));
  }

  @Test
  void movesLabelsAndKeepsTheirHistory() {
    var run = Given.run("");
    bulk(run, List.of("{\"step\":1}", "{\"step\":2}"));
    var url = "https%3A%2F%2Fexample.org%2Fstep2%2F";
    put(run + "/labels/main", "{\"checkpoint\":\"step1\"}")
        .statusCode(200)
        .body("checkpoint", is("step1"));
    put(run + "/labels/main", "{\"checkpoint\":\"step2\"}")
        .statusCode(200)
        .body("checkpoint", is("step2"));
    put(run + "/labels/" + url, "{\"checkpoint\":\"step2\"}").statusCode(200);
    given()
        .urlEncodingEnabled(false)
        .get(run + "/checkpoints/" + url)
        .then()
        .statusCode(200)
        .body("step", is(2));
    given().get(run + "/checkpoints/main").then().body("step", is(2));
    given()
        .get(run + "/labels?label=main")
        .then()
        .body("items.checkpoint", contains("step1", "step2"))
        .body("items[0].retiredAt", notNullValue())
        .body("items[1].retiredAt", nullValue());
    put(run + "/labels/step1", "{\"checkpoint\":\"step2\"}").statusCode(409);
    put(run + "/labels/latest", "{\"checkpoint\":\"step2\"}").statusCode(400);
    put(run + "/labels/x", "{\"checkpoint\":\"step9\"}").statusCode(404);
    given().delete(run + "/labels/main").then().statusCode(204);
    given().get(run + "/checkpoints/main").then().statusCode(404);
    given().delete(run + "/labels/main").then().statusCode(404);
    given().delete(run + "/labels/step1").then().statusCode(409);
  }

  @Test
  void editsAndDeletesDrafts() throws Exception {
    var run = Given.run("");
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
    var bytes = random();
    Given.artifact(bytes);
    Given.post(run + "/checkpoints/step1/files", "{\"files\":[" + file("a b/ü.bin", bytes) + "]}")
        .statusCode(200);
    given()
        .urlEncodingEnabled(false)
        .get(run + "/checkpoints/step1/files/a%20b/%C3%BC.bin")
        .then()
        .statusCode(200);
    given()
        .get(run + "/checkpoints/step1/files")
        .then()
        .body("files", hasSize(1))
        .body("files[0].path", is("a b/ü.bin"));
    given()
        .urlEncodingEnabled(false)
        .delete(run + "/checkpoints/step1/files/a%20b/%C3%BC.bin")
        .then()
        .statusCode(204);
    given().get(run + "/checkpoints/step1/files").then().body("files", hasSize(0));
    given().delete(run + "/checkpoints/step1").then().statusCode(204);
    given().get(run + "/checkpoints/step1").then().statusCode(404);
    Given.post(run + "/checkpoints", "{\"step\":1}").statusCode(201);
  }

  private static io.restassured.response.ValidatableResponse put(String path, String json) {
    return given()
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .body(json)
        .put(path)
        .then();
  }

  private static List<String> bulk(String run, List<String> lines) {
    return given()
        .contentType("application/x-ndjson")
        .body(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
        .post(run + "/checkpoints/bulk")
        .then()
        .statusCode(200)
        .extract()
        .asString()
        .lines()
        .toList();
  }
}
