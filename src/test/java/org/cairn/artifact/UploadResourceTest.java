package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class UploadResourceTest {

  private static final int PART = 5 << 20;

  @Inject ObjectStore store;
  @Inject ArtifactService artifacts;

  private final Uploads uploads = new Uploads();

  private static byte[] download(byte[] bytes) {
    return given()
        .get("/v1/artifacts/sha256:" + Uploads.sha256(bytes))
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }

  /** An upload is over a moment before what it left is gone. */
  private void awaitNoObjectOf(byte[] bytes) {
    CairnProcess.await("nothing left", Duration.ofSeconds(20), () -> objectsOf(bytes) == 0);
  }

  /** How many objects of this digest the store has, read or not. */
  private long objectsOf(byte[] bytes) {
    var hex = Uploads.sha256(bytes);
    return store.list(ObjectKey.of("artifacts", hex.substring(0, 2), hex)).count();
  }

  private long unfinishedUploadsOf(byte[] bytes) {
    var hex = Uploads.sha256(bytes);
    return store.listMultiparts(ObjectKey.of("artifacts", hex.substring(0, 2), hex)).count();
  }

  @Test
  void bytesCanBeReadOnceTheyAreVerified() {
    var bytes = Uploads.randomBytes(100_000);
    var hex = Uploads.sha256(bytes);
    var opened =
        uploads
            .open(hex, bytes.length)
            .statusCode(201)
            .header("Location", containsString("/v1/uploads/"))
            .body("state", equalTo("open"))
            .body("sha256", equalTo(hex))
            .body("size", equalTo(100_000))
            .body("mediaType", equalTo("application/octet-stream"))
            .body("partSize", equalTo(PART))
            .body("partCount", equalTo(1))
            .body("bytesVerified", equalTo(0))
            .body("failure", nullValue())
            .body("parts", hasSize(1))
            .body("parts[0].number", equalTo(1))
            .body("parts[0].size", equalTo(100_000))
            .body("parts[0].expiresAt", notNullValue())
            .extract()
            .jsonPath();
    given().get("/v1/artifacts/sha256:" + hex).then().statusCode(404);
    assertThat(Uploads.put(opened.getString("parts[0].url"), bytes)).isEqualTo(200);
    given().get("/v1/artifacts/sha256:" + hex).then().statusCode(404);
    var id = opened.getString("id");
    uploads.complete(id).statusCode(202).body("id", equalTo(id));
    uploads
        .await(id)
        .body("state", equalTo("verified"))
        .body("actualSha256", equalTo(hex))
        .body("bytesVerified", equalTo(100_000));
    assertThat(download(bytes)).isEqualTo(bytes);
    given()
        .get("/v1/jobs?kind=verify-upload&state=succeeded")
        .then()
        .body("items.subject", hasItem("sha256:" + hex));
  }

  @Test
  void partsComeInAnyOrder() {
    var bytes = Uploads.randomBytes(5 * PART + 17);
    var opened =
        uploads
            .open(Uploads.sha256(bytes), bytes.length)
            .statusCode(201)
            .body("partCount", equalTo(6))
            .body("parts.number", contains(1, 2, 3, 4))
            .extract()
            .jsonPath();
    var id = opened.getString("id");
    var targets = uploads.sign(id, List.of(6, 2, 5, 1, 4, 3));
    assertThat(targets.getList("parts.size", Integer.class))
        .containsExactly(17, PART, PART, PART, PART, PART);
    for (int i = 0; i < 6; i++) {
      int number = targets.getInt("parts[" + i + "].number");
      var part =
          Arrays.copyOfRange(bytes, (number - 1) * PART, Math.min(number * PART, bytes.length));
      assertThat(Uploads.put(targets.getString("parts[" + i + "].url"), part)).isEqualTo(200);
    }
    uploads.complete(id).statusCode(202);
    uploads.await(id).body("state", equalTo("verified"));
    assertThat(download(bytes)).isEqualTo(bytes);
  }

  @Test
  void noBytesAreAnArtifactToo() {
    var none = new byte[0];
    if (artifacts.find(Sha256.of(none)).isEmpty()) {
      var opened =
          uploads
              .open(Uploads.sha256(none), 0)
              .statusCode(201)
              .body("partCount", equalTo(1))
              .body("parts[0].size", equalTo(0))
              .extract()
              .jsonPath();
      uploads.complete(opened.getString("id")).statusCode(202);
      uploads.await(opened.getString("id")).body("state", equalTo("verified"));
    }
    assertThat(download(none)).isEmpty();
    assertThat(objectsOf(none)).isEqualTo(1);
  }

  @Test
  void knownBytesAreNotSentAgain() {
    var bytes = Uploads.randomBytes(1_000);
    var hex = Uploads.sha256(bytes);
    uploads.upload(bytes);
    uploads
        .open(hex, bytes.length)
        .statusCode(200)
        .body("state", equalTo("verified"))
        .body("sha256", equalTo(hex))
        .body("size", equalTo(1_000))
        .body("id", nullValue())
        .body("parts", nullValue());
    uploads
        .open(hex, 999)
        .statusCode(400)
        .body("violations[0].field", equalTo("size"))
        .body("detail", containsString("1000"));
    var unknown = Uploads.sha256(Uploads.randomBytes(10));
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("sha256", List.of(unknown, hex, hex)))
        .post("/v1/artifacts/known")
        .then()
        .statusCode(200)
        .body("known", contains(hex));
    assertThat(objectsOf(bytes)).isEqualTo(1);
  }

  @Test
  void bytesOfAnotherDigestAreRefused() {
    var claimed = Uploads.randomBytes(2_000);
    var sent = Uploads.randomBytes(2_000);
    var opened = uploads.open(Uploads.sha256(claimed), 2_000).extract().jsonPath();
    var id = opened.getString("id");
    uploads.putAll(opened, sent);
    uploads.complete(id).statusCode(202);
    uploads
        .await(id)
        .body("state", equalTo("failed"))
        .body("actualSha256", equalTo(Uploads.sha256(sent)))
        .body("failure", containsString(Uploads.sha256(sent)))
        .body("failure", containsString(Uploads.sha256(claimed)));
    for (var bytes : List.of(claimed, sent)) {
      given().get("/v1/artifacts/sha256:" + Uploads.sha256(bytes)).then().statusCode(404);
    }
    awaitNoObjectOf(claimed);
    uploads.complete(id).statusCode(409).body("type", equalTo("/problems/upload-closed"));
    assertThat(artifacts.statuses(List.of(Sha256.of(claimed))))
        .hasEntrySatisfying(
            Sha256.of(claimed),
            status -> {
              assertThat(status.state()).isEqualTo(ArtifactState.FAILED);
              assertThat(status.failure()).contains(Uploads.sha256(sent));
            });
    // Bringing the right ones is no harder than the first time.
    uploads.upload(claimed);
    assertThat(download(claimed)).isEqualTo(claimed);
  }

  /** The right digest with a wrong size: what arrives is as long as was said, and not the bytes. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1, PART})
  void bytesOfAnotherSizeAreRefused(int more) {
    var bytes = Uploads.randomBytes(PART + 1_000);
    var sent = Arrays.copyOf(bytes, bytes.length + more);
    var opened = uploads.open(Uploads.sha256(bytes), sent.length).extract().jsonPath();
    var id = opened.getString("id");
    uploads.putAll(opened, sent);
    uploads.complete(id).statusCode(202);
    uploads
        .await(id)
        .body("state", equalTo("failed"))
        .body("actualSha256", equalTo(Uploads.sha256(sent)));
    for (var either : List.of(bytes, sent)) {
      given().get("/v1/artifacts/sha256:" + Uploads.sha256(either)).then().statusCode(404);
    }
    awaitNoObjectOf(bytes);
  }

  @Test
  void truncatedPartsAreNamedAndCanBeSentAgain() {
    var bytes = Uploads.randomBytes(2 * PART + 100);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).extract().jsonPath();
    var id = opened.getString("id");
    uploads.putAll(opened, bytes);
    uploads.put(id, 2, Arrays.copyOfRange(bytes, PART, PART + 99));
    uploads
        .complete(id)
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/upload-mismatch"))
        .body("violations.field", contains("parts[2]"))
        .body("violations[0].message", equalTo("has 99 bytes instead of " + PART));
    given()
        .get("/v1/uploads/" + id + "/parts")
        .then()
        .body("arrived.number", contains(1, 2, 3))
        .body("missing", contains(2));
    uploads.put(id, 2, Arrays.copyOfRange(bytes, PART, 2 * PART));
    uploads.complete(id).statusCode(202);
    uploads.await(id).body("state", equalTo("verified"));
  }

  @Test
  void missingAndSuperfluousPartsAreNamed() {
    var bytes = Uploads.randomBytes(3 * PART);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).extract().jsonPath();
    var id = opened.getString("id");
    uploads.put(id, 2, Uploads.randomBytes(PART + 1));
    // An address that was signed for one part is good for no other: this one has to be made.
    var upload =
        store
            .listMultiparts(new ObjectKey("artifacts"))
            .filter(stale -> stale.upload().key().value().endsWith(id))
            .findFirst()
            .orElseThrow()
            .upload();
    var beyond = store.presignPart(upload, 4, java.time.Duration.ofMinutes(1));
    assertThat(Uploads.put(beyond.toString(), new byte[5])).isEqualTo(200);
    uploads
        .complete(id)
        .statusCode(409)
        .body("violations.field", contains("parts[1]", "parts[2]", "parts[3]", "parts[4]"))
        .body("violations[0].message", equalTo("is missing"))
        .body("violations[1].message", startsWith("has " + (PART + 1)))
        .body("violations[3].message", containsString("one too many"));
    uploads.await(id).body("state", equalTo("open"));
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"sha256":"HEX","size":-1}                                | size
          {"sha256":"HEX","size":null}                              | size
          {"sha256":"HEX"}                                          | size
          {"sha256":"HEX","size":1.5}                               | size
          {"sha256":"HEX","size":"1"}                               | size
          {"sha256":"HEX","size":99999999999999999999}              | size
          {"sha256":null,"size":1}                                  | sha256
          {"size":1}                                                | sha256
          {"sha256":"ABCDEF","size":1}                              | sha256
          {"sha256":"HEX0","size":1}                                | sha256
          {"sha256":"HEX","size":1,"mediaType":""}                  | mediaType
          {"sha256":"HEX","size":1,"mediaType":"text"}              | mediaType
          {"sha256":"HEX","size":1,"mediaType":"text/html\\r\\nX: y"} | mediaType
          {"sha256":"HEX","size":1,"mediaType":"a/b; c"}            | mediaType
          {"sha256":"HEX","size":1,"surprise":true}                 | surprise
          """)
  void refusesWhatIsNoAnnouncement(String body, String field) {
    given()
        .contentType(ContentType.JSON)
        .body(body.replace("HEX", Uploads.sha256(Uploads.randomBytes(8))))
        .post("/v1/uploads")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-request"))
        .body("violations[0].field", equalTo(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain; charset=utf-8", "application/vnd.x+json", "a/b;c=\"d; e\";f=g"})
  void mediaTypesMayHaveParameters(String mediaType) {
    var id =
        given()
            .contentType(ContentType.JSON)
            .body(
                Map.of(
                    "sha256",
                    Uploads.sha256(Uploads.randomBytes(8)),
                    "size",
                    8,
                    "mediaType",
                    mediaType))
            .post("/v1/uploads")
            .then()
            .statusCode(201)
            .body("mediaType", equalTo(mediaType))
            .extract()
            .path("id");
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void artifactsAreBounded() {
    uploads
        .open(Uploads.sha256(Uploads.randomBytes(8)), (5L << 40) + 1)
        .statusCode(413)
        .body("type", equalTo("/problems/too-large"))
        .body("violations[0].field", equalTo("size"));
  }

  @Test
  void partsAreNumberedFromOne() {
    var id = uploads.open(Uploads.sha256(Uploads.randomBytes(8)), 8).extract().path("id");
    for (var numbers :
        List.of(
            List.of(0),
            List.of(-1),
            List.of(1, 2),
            List.of(Integer.MAX_VALUE),
            List.of(),
            IntStream.range(0, 101).map(i -> 1).boxed().toList())) {
      given()
          .contentType(ContentType.JSON)
          .body(Map.of("numbers", numbers))
          .post("/v1/uploads/" + id + "/parts")
          .then()
          .statusCode(400)
          .body("violations[0].field", startsWith("numbers"));
    }
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void unknownUploadsAreNotFound() {
    var unknown = "/v1/uploads/" + UUID.randomUUID();
    given().get(unknown).then().statusCode(404).body("type", equalTo("/problems/not-found"));
    given().get(unknown + "/parts").then().statusCode(404);
    given().post(unknown + "/complete").then().statusCode(404);
    given().delete(unknown).then().statusCode(404);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("numbers", List.of(1)))
        .post(unknown + "/parts")
        .then()
        .statusCode(404);
    given().get("/v1/uploads/no-uuid").then().statusCode(404);
  }

  @Test
  void completingTwiceIsCompletingOnce() {
    var bytes = Uploads.randomBytes(3_000);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).extract().jsonPath();
    var id = opened.getString("id");
    uploads.putAll(opened, bytes);
    var completions =
        IntStream.range(0, 6)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(() -> uploads.complete(id).extract().statusCode()))
            .toList();
    assertThat(completions).allMatch(completion -> completion.join() == 202);
    uploads.await(id).body("state", equalTo("verified"));
    uploads.complete(id).statusCode(202).body("state", equalTo("verified"));
    given()
        .get("/v1/jobs?kind=verify-upload&pageSize=500")
        .then()
        .body("items.findAll { it.subject == 'sha256:" + Uploads.sha256(bytes) + "' }", hasSize(1));
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("numbers", List.of(1)))
        .post("/v1/uploads/" + id + "/parts")
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/upload-closed"));
    given().delete("/v1/uploads/" + id).then().statusCode(409);
    assertThat(download(bytes)).isEqualTo(bytes);
  }

  @Test
  void anAbortedUploadIsOver() {
    var bytes = Uploads.randomBytes(3_000);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).extract().jsonPath();
    var id = opened.getString("id");
    uploads.putAll(opened, bytes);
    assertThat(unfinishedUploadsOf(bytes)).isEqualTo(1);
    given().delete("/v1/uploads/" + id).then().statusCode(204);
    given().delete("/v1/uploads/" + id).then().statusCode(204);
    uploads.complete(id).statusCode(409).body("type", equalTo("/problems/upload-closed"));
    given().get("/v1/uploads/" + id + "/parts").then().statusCode(409);
    uploads.await(id).body("state", equalTo("aborted"));
    assertThat(unfinishedUploadsOf(bytes)).isZero();
    awaitNoObjectOf(bytes);
  }

  @Test
  void ofTwoUploadsOfOneDigestTheCorruptOneFails() {
    var good = Uploads.randomBytes(PART + 1_000);
    var bad = good.clone();
    bad[PART + 500] ^= 1;
    var hex = Uploads.sha256(good);
    var first = uploads.open(hex, good.length).extract().jsonPath();
    var second = uploads.open(hex, good.length).statusCode(201).extract().jsonPath();
    uploads.putAll(first, bad);
    uploads.putAll(second, good);
    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> uploads.complete(first.getString("id"))),
            CompletableFuture.runAsync(() -> uploads.complete(second.getString("id"))))
        .join();
    uploads
        .await(first.getString("id"))
        .body("state", equalTo("failed"))
        .body("actualSha256", equalTo(Uploads.sha256(bad)));
    uploads.await(second.getString("id")).body("state", equalTo("verified"));
    assertThat(download(good)).isEqualTo(good);
    assertThat(objectsOf(good)).isEqualTo(1);
  }

  @Test
  void ofTwoGoodUploadsOneObjectIsKept() {
    var bytes = Uploads.randomBytes(10_000);
    var hex = Uploads.sha256(bytes);
    var opened =
        IntStream.range(0, 4)
            .mapToObj(i -> uploads.open(hex, bytes.length).statusCode(201).extract().jsonPath())
            .toList();
    opened.forEach(upload -> uploads.putAll(upload, bytes));
    opened.parallelStream()
        .forEach(upload -> uploads.complete(upload.getString("id")).statusCode(202));
    opened.forEach(
        upload -> uploads.await(upload.getString("id")).body("state", equalTo("verified")));
    assertThat(download(bytes)).isEqualTo(bytes);
    assertThat(objectsOf(bytes)).isEqualTo(1);
  }

  @Test
  void aKilledClientFindsItsUploadAgain() {
    var bytes = Uploads.randomBytes(3 * PART);
    var hex = Uploads.sha256(bytes);
    var id = uploads.open(hex, bytes.length).extract().<String>path("id");
    uploads.put(id, 2, Arrays.copyOfRange(bytes, PART, 2 * PART));
    var found =
        given()
            .get("/v1/uploads?state=open&sha256=" + hex)
            .then()
            .statusCode(200)
            .body("items.id", contains(id))
            .body("items[0].partSize", equalTo(PART))
            .extract()
            .jsonPath();
    assertThat(found.getString("nextPageToken")).isNull();
    var parts =
        given()
            .get("/v1/uploads/" + id + "/parts")
            .then()
            .statusCode(200)
            .body("arrived.number", contains(2))
            .body("arrived[0].size", equalTo(PART))
            .body("arrived[0].etag", notNullValue())
            .body("missing", contains(1, 3))
            .extract()
            .jsonPath();
    for (int number : parts.getList("missing", Integer.class)) {
      uploads.put(id, number, Arrays.copyOfRange(bytes, (number - 1) * PART, number * PART));
    }
    uploads.complete(id).statusCode(202);
    uploads.await(id).body("state", equalTo("verified"));
    given().get("/v1/uploads?state=open&sha256=" + hex).then().body("items", empty());
    given().get("/v1/uploads?state=verified&sha256=" + hex).then().body("items", hasSize(1));
    given().get("/v1/uploads?sha256=nonsense").then().statusCode(400);
    given().get("/v1/uploads?state=nonsense").then().statusCode(400);
  }

  @Test
  void aRepeatedRequestOpensNoSecondUpload() {
    var bytes = Uploads.randomBytes(50);
    var key = UUID.randomUUID().toString();
    var body = Map.of("sha256", Uploads.sha256(bytes), "size", bytes.length);
    var first =
        given()
            .contentType(ContentType.JSON)
            .header("Idempotency-Key", key)
            .body(body)
            .post("/v1/uploads")
            .then()
            .statusCode(201)
            .extract()
            .jsonPath();
    given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", key)
        .body(body)
        .post("/v1/uploads")
        .then()
        .statusCode(201)
        .body("id", equalTo(first.getString("id")))
        .body("parts", hasSize(1));
    given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", key)
        .body(Map.of("sha256", Uploads.sha256(bytes), "size", 51))
        .post("/v1/uploads")
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/idempotency-mismatch"));
    assertThat(unfinishedUploadsOf(bytes)).isEqualTo(1);
    given().delete("/v1/uploads/" + first.getString("id")).then().statusCode(204);
  }

  @Test
  void partsDoNotGoThroughTheServiceHere() {
    var id = uploads.open(Uploads.sha256(Uploads.randomBytes(8)), 8).extract().<String>path("id");
    given()
        .contentType("application/octet-stream")
        .body(new byte[8])
        .put("/v1/uploads/" + id + "/parts/1")
        .then()
        .statusCode(409)
        .body("detail", containsString("/v1/uploads/" + id + "/parts"));
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void waitingIsBounded() {
    var id = uploads.open(Uploads.sha256(Uploads.randomBytes(8)), 8).extract().<String>path("id");
    given().get("/v1/uploads/" + id + "?wait=31").then().statusCode(400);
    given().get("/v1/uploads/" + id + "?wait=-1").then().statusCode(400);
    // Only verification is waited for.
    given().get("/v1/uploads/" + id + "?wait=30").then().body("state", equalTo("open"));
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void statusesOfManyDigests() {
    var verified = Uploads.randomBytes(20);
    uploads.upload(verified);
    var open = Uploads.randomBytes(21);
    var id = uploads.open(Uploads.sha256(open), open.length).extract().<String>path("id");
    var digests =
        new java.util.ArrayList<>(
            IntStream.range(0, 5_000).mapToObj(i -> Sha256.of(Uploads.randomBytes(9))).toList());
    digests.add(Sha256.of(verified));
    digests.add(Sha256.of(open));
    var statuses = artifacts.statuses(digests);
    assertThat(statuses).containsOnlyKeys(digests);
    assertThat(statuses.get(Sha256.of(verified)))
        .isEqualTo(new ArtifactStatus(ArtifactState.VERIFIED, 20L, null));
    assertThat(statuses.values())
        .filteredOn(status -> status.state() == ArtifactState.MISSING)
        .hasSize(5_001);
    assertThat(artifacts.statuses(List.of())).isEmpty();
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }
}
