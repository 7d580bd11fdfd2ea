package org.cairn.xet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.xet.Pieces.chunk;
import static org.cairn.xet.Pieces.data;
import static org.cairn.xet.Pieces.hash;
import static org.cairn.xet.Pieces.join;
import static org.cairn.xet.Pieces.shard;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.cairn.artifact.ArtifactRebuilds;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.xet.ChunkHeader.Scheme;
import org.cairn.xet.Pieces.Description;
import org.cairn.xet.Pieces.Stretch;
import org.junit.jupiter.api.Test;

/** Files that come in pieces. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class XetUploadTest {

  @Inject ArtifactRebuilds rebuilds;
  @Inject ObjectStore store;
  @Inject XetConfig config;
  @Inject Clock clock;
  @Inject XetTokens tokens;

  private final long seed = UUID.randomUUID().getMostSignificantBits();
  private final UUID session = UUID.randomUUID();

  private String path(String call) {
    return "/api/xet/" + session + "/" + call;
  }

  private ValidatableResponse send(String call, byte[] body) {
    return sendAs(tokens.issue(clock.instant().plusSeconds(60)), call, body);
  }

  private ValidatableResponse sendAs(String token, String call, byte[] body) {
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/octet-stream")
        .body(body)
        .post(path(call))
        .then();
  }

  private ValidatableResponse xorb(XetHash hash, byte[]... chunks) {
    return send("v1/xorbs/default/" + hash, join(chunks));
  }

  private ValidatableResponse shardOf(byte[] content, Stretch... stretches) {
    return send("v1/shards", shard(new Description(Sha256.of(content), List.of(stretches))));
  }

  private static void readable(byte[] content) throws Exception {
    var read = Given.download("/v1/artifacts/sha256:" + Sha256.of(content));
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(Sha256.of(read.body())).isEqualTo(Sha256.of(content));
  }

  private static void unreadable(byte[] content) {
    given().get("/v1/artifacts/sha256:" + Sha256.of(content)).then().statusCode(404);
  }

  /** The job cleans up after the answer. */
  private void stagedBecomes(String... kinds) throws InterruptedException {
    for (int i = 0; i < 100 && staged().contains("recipes"); i++) {
      Thread.sleep(50);
    }
    assertThat(staged()).containsExactly(kinds);
  }

  private List<String> staged() {
    try (var objects = store.list(ObjectKey.of("staging", session.toString()))) {
      return objects.map(object -> object.key().value().split("/", 4)[2]).sorted().toList();
    }
  }

  @Test
  void clientsAreToldWhereToSendPieces() {
    var project = Given.project();
    Given.run(project, "run", "");
    var token = "/api/models/" + project + "/run/xet-write-token/";
    String first =
        given()
            .urlEncodingEnabled(false)
            .get(token + "refs%2Fheads%2Fstep1")
            .then()
            .statusCode(200)
            .body("accessToken", matchesPattern("\\d+\\.[0-9a-f]{64}"))
            .body("casUrl", matchesPattern("http://[^/]+/api/xet/[0-9a-f-]{36}"))
            .extract()
            .path("casUrl");
    var answer =
        given()
            .header("X-Forwarded-Host", "cairn.example")
            .header("X-Forwarded-Proto", "https")
            .get(token + "main?create_pr=1")
            .then()
            .statusCode(200)
            .extract();
    assertThat(answer.<String>path("casUrl"))
        .startsWith("https://cairn.example/api/xet/")
        .isNotEqualTo(first);
    assertThat(answer.<Number>path("exp").longValue())
        .isGreaterThan(clock.instant().plus(Duration.ofHours(23)).getEpochSecond());
    given().get("/api/models/" + project + "/nothing/xet-write-token/main").then().statusCode(401);
  }

  @Test
  void whatAnUploadDoesNotNeedIsNotThere() {
    given().get(path("v1/chunks/default/" + hash(1))).then().statusCode(404);
    given().get(path("v1/reconstructions/" + hash(1))).then().statusCode(404);
    given().get(path("v2/reconstructions/" + hash(1))).then().statusCode(404);
    given().head(path("v1/xorbs/default/" + hash(1))).then().statusCode(404);
    given()
        .contentType("application/json")
        .body("{\"length\":1}")
        .post(path("v1/xorb-grants/default/" + hash(1)))
        .then()
        .statusCode(404);
    send("v2/shards", new byte[100]).statusCode(404);
    given().contentType("application/json").body("{}").post("/v1/telemetry").then().statusCode(404);
  }

  @Test
  void filesAreMadeOfPiecesAndThePiecesAreForgotten() throws Exception {
    var a = data(70_000, seed);
    var b = data(131_072, seed + 1);
    var c = data(333, seed + 2);
    var d = data(9_001, seed + 3);
    xorb(hash(1), chunk(a, Scheme.GROUPED_LZ4), chunk(b, Scheme.LZ4), chunk(c, Scheme.NONE))
        .statusCode(200)
        .body("was_inserted", equalTo(true));
    xorb(hash(1), chunk(a, Scheme.GROUPED_LZ4)).body("was_inserted", equalTo(false));
    xorb(hash(2), chunk(d, Scheme.LZ4)).statusCode(200);
    var first = join(b, c, d, a);
    var second = join(d, d, d);
    var nothing = new byte[0];
    var body =
        shard(
            new Description(
                Sha256.of(first),
                List.of(
                    new Stretch(hash(1), 1, 3, b.length + c.length),
                    new Stretch(hash(2), 0, 1, d.length),
                    new Stretch(hash(1), 0, 1, a.length))),
            new Description(
                Sha256.of(second), Collections.nCopies(3, new Stretch(hash(2), 0, 1, d.length))),
            new Description(Sha256.of(nothing), List.of()));
    send("v1/shards", body).statusCode(200).body("result", equalTo(1));
    readable(first);
    readable(second);
    readable(nothing);
    // Clients that heard no answer repeat themselves.
    send("v1/shards", body).statusCode(200);
    // A later shard of the same upload names pieces of an earlier one.
    shardOf(c, new Stretch(hash(1), 2, 3, c.length)).statusCode(200);
    readable(c);
    stagedBecomes("indexes", "indexes", "xorbs", "xorbs");
    sweep(config.expiry().minusMinutes(5));
    assertThat(staged()).hasSize(4);
    sweep(config.expiry().plusMinutes(5));
    assertThat(staged()).isEmpty();
  }

  @Test
  void whatAClientSentBecomesArtifacts() throws Exception {
    var xorb = new XetHash("34565cb7b45944b3425fe502f6893c5fc56932c045bbd1b2b3b1d291f1db8d93");
    xorb(xorb, RecordedTest.read("hf_xet-1.8.0.xorb")).statusCode(200);
    send("v1/shards", RecordedTest.read("hf_xet-1.8.0.shard")).statusCode(200);
    readable(new byte[1 << 20]);
    readable(new byte[] {'x'});
  }

  @Test
  void aFileOfSeveralPartsIsMade() throws Exception {
    var chunks = new byte[100][];
    var contents = new byte[100][];
    for (int i = 0; i < 100; i++) {
      contents[i] = data(120_000, seed + i);
      chunks[i] = chunk(contents[i], Pieces.SCHEMES.get(i % 3));
    }
    xorb(hash(1), chunks).statusCode(200);
    var content = join(contents);
    shardOf(content, new Stretch(hash(1), 0, 100, content.length)).statusCode(200);
    readable(content);
  }

  @Test
  void aFileWhosePiecesAreGoneFails() throws Exception {
    var id = UUID.randomUUID();
    var content = data(10, seed);
    rebuilds.begin(
        id, Sha256.of(content), 10, XetSource.NAME, XetSource.pointer(session, "nothing"));
    var rebuild = rebuilds.await(id, Duration.ofSeconds(20));
    assertThat(rebuild.underWay()).isFalse();
    assertThat(rebuild.verified()).isFalse();
    assertThat(rebuild.failure()).contains("gone");
    unreadable(content);
  }

  @Test
  void aFileThatIsBeingMadeKeepsItsPieces() {
    store.putIfAbsent(
        ObjectKey.of("staging", session.toString(), "recipes", "x"), new byte[1], "a/b");
    sweep(Duration.ofDays(6));
    assertThat(staged()).hasSize(1);
    sweep(Duration.ofDays(8));
    assertThat(staged()).isEmpty();
  }

  @Test
  void anotherContentIsRefusedAndNothingIsLeft() throws Exception {
    var a = data(1_000, seed);
    var other = data(1_000, seed + 1);
    xorb(hash(1), chunk(a, Scheme.LZ4)).statusCode(200);
    shardOf(other, new Stretch(hash(1), 0, 1, 1_000))
        .statusCode(400)
        .body("error", containsString("The bytes have SHA-256 " + Sha256.of(a)))
        .header("X-Error-Message", containsString("SHA-256"));
    unreadable(other);
    unreadable(a);
    stagedBecomes("indexes", "xorbs");
    var folder = "artifacts/" + Sha256.of(other).hex().substring(0, 2) + "/" + Sha256.of(other);
    try (var objects = store.list(new ObjectKey(folder));
        var uploads = store.listMultiparts(new ObjectKey(folder))) {
      assertThat(objects).isEmpty();
      assertThat(uploads).isEmpty();
    }
  }

  @Test
  void chunksThatCannotBeReadAreRefused() throws Exception {
    var a = data(1_000, seed);
    var bad = chunk(a, Scheme.LZ4);
    Arrays.fill(bad, 30, 60, (byte) 0x55);
    xorb(hash(1), bad).statusCode(200);
    shardOf(a, new Stretch(hash(1), 0, 1, 1_000))
        .statusCode(400)
        .body("error", containsString("A chunk"));
    unreadable(a);
  }

  @Test
  void badPiecesAreRefused() throws Exception {
    var a = data(1_000, seed);
    xorb(hash(1), Arrays.copyOf(chunk(a, Scheme.LZ4), 50))
        .statusCode(400)
        .body("error", containsString("cut off"));
    var bomb = new byte[600][];
    Arrays.fill(bomb, chunk(new byte[128 << 10], Scheme.LZ4));
    xorb(hash(1), bomb).statusCode(400).body("error", containsString("at most"));
    xorb(hash(1)).statusCode(400);
    send("v1/xorbs/default/xyz", a).statusCode(400).body("error", containsString("hash"));
    given().post("/api/xet/xyz/v1/shards").then().statusCode(404);
    assertThat(staged()).isEmpty();
    try (var uploads = store.listMultiparts(ObjectKey.of("staging", session.toString()))) {
      assertThat(uploads).isEmpty();
    }
  }

  @Test
  void piecesComeWithATokenThatWasGivenOut() throws Exception {
    var a = data(1_000, seed);
    var good = tokens.issue(clock.instant().plusSeconds(60));
    var later = good.replaceFirst("\\d", "9");
    var old = tokens.issue(clock.instant().minusSeconds(1));
    for (var token : List.of("", "x", good + "0", good.substring(1), later, old, "hf_nobody")) {
      for (var call : List.of("v1/xorbs/default/" + hash(1), "v1/shards")) {
        sendAs(token, call, chunk(a, Scheme.LZ4)).statusCode(401);
      }
    }
    given().body(chunk(a, Scheme.LZ4)).post(path("v1/shards")).then().statusCode(401);
    assertThat(staged()).isEmpty();
    sendAs(good, "v1/xorbs/default/" + hash(1), chunk(a, Scheme.LZ4)).statusCode(200);
  }

  @Test
  void badShardsAreRefused() throws Exception {
    var a = data(1_000, seed);
    xorb(hash(1), chunk(a, Scheme.LZ4)).statusCode(200);
    send("v1/shards", a).statusCode(400).body("error", containsString("not a shard"));
    shardOf(a, new Stretch(hash(2), 0, 1, 1_000))
        .statusCode(400)
        .body("error", containsString("was not sent"));
    shardOf(a, new Stretch(hash(1), 0, 2, 1_000))
        .statusCode(400)
        .body("error", containsString("has 1 chunks"));
    shardOf(a, new Stretch(hash(1), 0, 1, 1_001))
        .statusCode(400)
        .body("error", containsString("have 1000 bytes"));
    var good = shard(new Description(Sha256.of(a), List.of(new Stretch(hash(1), 0, 1, 1_000))));
    send("v1/shards", Arrays.copyOf(good, good.length - 300))
        .statusCode(400)
        .body("error", containsString("cut off"));
    unreadable(a);
    stagedBecomes("indexes", "xorbs");
    // The pieces of one upload are not those of another.
    given()
        .header("Authorization", "Bearer " + tokens.issue(clock.instant().plusSeconds(60)))
        .contentType("application/octet-stream")
        .body(good)
        .post("/api/xet/" + UUID.randomUUID() + "/v1/shards")
        .then()
        .statusCode(400);
    send("v1/shards", good).statusCode(200);
    readable(a);
  }

  private void sweep(Duration later) {
    var _ = new StagingSweepJob(store, config, Clock.offset(clock, later)).runOnce();
  }
}
