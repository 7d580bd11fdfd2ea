package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.RestAssured;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.s3.TestBucket;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of bytes in the packaged service, over the store of each make. */
@Tag("conformance")
class OtherStoresIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int PART = 5 << 20;

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;

  private final Uploads uploads = new Uploads();

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  @AfterEach
  void forgetTheService() {
    RestAssured.reset();
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreKept(S3Server.Make make) throws Exception {
    try (var server = S3Server.start(make, Files.createDirectory(folder.resolve(make.name())))) {
      var name = make.name().toLowerCase(Locale.ROOT);
      var first = settings(server, name, "presigned");
      try (var cairn = serve(first)) {
        ObjectStore store = TestBucket.of(server).withBucket("cairn").open();
        var back = new BackDoor(store, postgres.getDatabase("postgres", name));
        var large = Uploads.randomBytes(2 * PART + 12_345);
        var small = Uploads.randomBytes(1_000);
        sendInPieces(large);
        uploads.upload(small);
        uploads.upload(new byte[0]);
        refuseWrongBytes(store);
        var abandoned = abandon(back);
        var garbage = Uploads.randomBytes(777);
        uploads.upload(garbage);
        var checkpoint = seal(store, large, small);
        assertThat(given().redirects().follow(false).get(checkpoint + "/large.bin").statusCode())
            .isEqualTo(307);
        download(checkpoint + "/large.bin", large);
        collect(back, garbage);
        findDamage(back, large, small);
        download(checkpoint + "/large.bin", large);
        download(checkpoint + "/small.bin", small);

        var second = settings(server, name + "_rebuilt", "proxied");
        back.addWrongBytes(small);
        rebuild(second);
        try (var _ = serve(second)) {
          assertThat(given().redirects().follow(false).get(checkpoint + "/large.bin").statusCode())
              .isEqualTo(200);
          download(checkpoint + "/large.bin", large);
          download(checkpoint + "/small.bin", small);
          sendInPieces(Uploads.randomBytes(2 * PART + 1));
          refuseWrongBytes(store);
        }
        // The service tidies up every second here.
        await("the sweep", LONG, () -> !back.hasUpload(abandoned));
        await("removal", LONG, () -> Uploads.left(store, garbage) == 0);
        assertThat(cairn.incidents()).isEmpty();
      }
    }
  }

  /** A client goes away after some parts, and comes again. */
  private void sendInPieces(byte[] bytes) {
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).statusCode(201);
    String id = opened.extract().path("id");
    opened.body("partCount", equalTo(3));
    assertThat(uploads.put(id, 3, Arrays.copyOfRange(bytes, 2 * PART, bytes.length)))
        .isBetween(200, 204);
    assertThat(uploads.put(id, 1, new byte[7])).isIn(200, 204, 400);
    uploads.complete(id).statusCode(409);
    assertThat(uploads.put(id, 1, Arrays.copyOf(bytes, PART))).isBetween(200, 204);
    given()
        .get("/v1/uploads/" + id + "/parts")
        .then()
        .body("arrived.number", contains(1, 3))
        .body("missing", contains(2));
    assertThat(uploads.put(id, 2, Arrays.copyOfRange(bytes, PART, 2 * PART))).isBetween(200, 204);
    uploads.complete(id).statusCode(202);
    uploads.await(id).body("state", equalTo("verified"));
  }

  private void refuseWrongBytes(ObjectStore store) {
    var announced = Uploads.randomBytes(PART + 9);
    var sent = announced.clone();
    sent[PART + 2] ^= 1;
    var id = uploads.sent(announced, sent).toString();
    uploads.complete(id).statusCode(202);
    uploads
        .await(id)
        .body("state", equalTo("failed"))
        .body("actualSha256", equalTo(Uploads.sha256(sent)));
    await("nothing", LONG, () -> Uploads.left(store, announced) == 0);
  }

  /** Answers an upload of which a part was sent, and that nobody came back to for too long. */
  private UUID abandon(BackDoor back) {
    var bytes = Uploads.randomBytes(PART + 1);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).extract().jsonPath();
    assertThat(Uploads.put(opened.getString("parts[0].url"), Arrays.copyOf(bytes, PART)))
        .isEqualTo(200);
    var id = UUID.fromString(opened.getString("id"));
    assertThat(back.hasUpload(id)).isTrue();
    back.storage().sql("update upload set expires_at = now() - interval '1 hour' where id = ?", id);
    return id;
  }

  /** Answers where the files of a checkpoint are, which is sealed and in the bucket. */
  private static String seal(ObjectStore store, byte[] large, byte[] small) {
    var run = Given.run("");
    var file = "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}";
    var files =
        file.formatted("large.bin", Uploads.sha256(large), large.length)
            + ","
            + file.formatted("small.bin", Uploads.sha256(small), small.length)
            + ","
            + file.formatted("empty.bin", Uploads.sha256(new byte[0]), 0);
    Given.post(run + "/checkpoints", "{\"step\":1,\"files\":[" + files + "]}").statusCode(201);
    var checkpoint = run + "/checkpoints/step1";
    var digest =
        given()
            .post(checkpoint + "/seal?wait=30")
            .then()
            .statusCode(200)
            .extract()
            .<String>path("manifestDigest");
    var names = run.split("/", -1);
    var manifest = ObjectKey.of("catalogue", names[3], names[5], "checkpoints", digest + ".json");
    assertThat(store.stat(manifest)).isPresent();
    assertThat(store.list(ObjectKey.of("records", "runs", names[3], names[5]))).hasSize(1);
    return checkpoint + "/files";
  }

  private static void download(String address, byte[] bytes) throws Exception {
    assertThat(Given.download(address).body()).isEqualTo(bytes);
    var from = bytes.length / 2;
    var part = Given.download(address, "Range", "bytes=" + from + "-" + (from + 99));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, from, from + 100));
    var last = Given.download(address, "Range", "bytes=-10");
    assertThat(last.body()).isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 10, bytes.length));
  }

  /** Only what nothing names goes, once no address of it is left. */
  private static void collect(BackDoor back, byte[] garbage) {
    var plan = Storage.collect();
    assertThat(plan.getString("state")).isEqualTo("done");
    assertThat(plan.getLong("swept")).isEqualTo(1);
    assertThat(Uploads.left(back.store(), garbage)).isEqualTo(1);
    back.storage().sql("update object_removal set due_at = now() - interval '1 second'");
  }

  /** One object is not what it was and another is not there; both can be brought back. */
  private void findDamage(BackDoor back, byte[] large, byte[] small) {
    assertThat(Storage.scrub().getLong("damaged")).isZero();
    back.alter(small);
    back.lose(large);
    assertThat(Storage.scrub().getLong("damaged")).isEqualTo(2);
    var damaged = given().get("/v1/scrubs/damaged").jsonPath();
    assertThat(damaged.<String>getList("items.sha256"))
        .containsExactlyInAnyOrder(Uploads.sha256(small), Uploads.sha256(large));
    assertThat(damaged.<String>getList("items.damage"))
        .containsExactlyInAnyOrder("flipped", "missing");
    given()
        .get("/v1/artifacts/sha256:" + Uploads.sha256(small))
        .then()
        .body("type", equalTo("/problems/damaged"));
    uploads.upload(small);
    uploads.upload(large);
    assertThat(Storage.scrub().getLong("damaged")).isZero();
  }

  private static void rebuild(Map<String, String> settings) {
    try (var rebuild =
        CairnProcess.start(CairnProcess.LAUNCHER, folder, settings, "rebuild", "--json")) {
      assertThat(rebuild.awaitExit(LONG)).as(rebuild.output()).isZero();
      assertThat(rebuild.output()).contains("\"checkpoint\":1");
    }
  }

  private static Map<String, String> settings(S3Server server, String database, String mode)
      throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + database);
    }
    var settings = CairnService.settings(postgres.getPort(), server.port());
    settings.put("QUARKUS_DATASOURCE_JDBC_URL", postgres.getJdbcUrl("postgres", database));
    settings.put("CAIRN_TRANSFER_MODE", mode);
    settings.put("CAIRN_UPLOAD_PART_SIZE", "5M");
    settings.put("CAIRN_UPLOAD_SWEEP_EVERY", "1s");
    settings.put("CAIRN_GC_GRACE", "PT0S");
    return settings;
  }

  private static CairnService serve(Map<String, String> settings) throws IOException {
    var cairn = CairnService.start(folder, settings);
    RestAssured.port = URI.create(cairn.url()).getPort();
    return cairn;
  }
}
