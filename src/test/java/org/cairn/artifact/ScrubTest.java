package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.cairn.job.JobContext;
import org.cairn.job.JobOutcome;
import org.cairn.platform.Sha256;
import org.cairn.record.RecordName;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rots is noticed, is said, and is not served. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Storage.Profile.class)
class ScrubTest {

  @Inject ObjectStore store;
  @Inject DataSource database;
  @Inject ArtifactService artifacts;
  @Inject ScrubService scrubs;
  @Inject ScrubMeters meters;
  @Inject MeterRegistry registry;
  @Inject ScrubConfig config;

  private Storage storage;

  @BeforeEach
  void connect() {
    storage = new Storage(database);
  }

  @AfterEach
  void tidy() {
    storage.sql("update scrub set state = 'cancelled' where state = 'running'");
    storage.sql("delete from artifact where damage is not null");
    storage.sql("delete from damaged_object");
  }

  private static byte[] weights() {
    var random = ThreadLocalRandom.current();
    return new Safetensors()
        .floats("w", List.of(3), random.nextFloat(), random.nextFloat(), 1)
        .bytes();
  }

  private ObjectKey key(Sha256 sha256) {
    return artifacts.stored(sha256).orElseThrow().key();
  }

  /** Changes an object as no client can: the store gives out something else from here on. */
  private void damage(ObjectKey key, String how) throws Exception {
    byte[] bytes;
    try (var stream = store.open(key)) {
      bytes = stream.readAllBytes();
    }
    store.delete(List.of(key));
    switch (how) {
      case "flipped" -> {
        bytes[bytes.length / 2] ^= 4;
        store.putIfAbsent(key, bytes, "application/octet-stream");
      }
      case "truncated" ->
          store.putIfAbsent(
              key, Arrays.copyOf(bytes, bytes.length - 1), "application/octet-stream");
      default -> {
        // it is missing
      }
    }
  }

  private static void isRefused(String path) {
    given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .get(path)
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/damaged"))
        .body("detail", containsString("damaged"));
    given().redirects().follow(false).urlEncodingEnabled(false).head(path).then().statusCode(409);
  }

  private double damagedArtifacts() {
    return registry.get("cairn.artifacts.damaged").gauge().value();
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "truncated", "missing"})
  void whatRotsIsNoticedSaidAndNotServedUntilItIsSentAgain(String how) throws Exception {
    var bytes = weights();
    var sha256 = Given.artifact(bytes);
    var project = Given.project();
    var name = "run-" + how;
    var run = Given.run(project, name, "");
    var entry = "\"sha256\":\"%s\",\"size\":%d".formatted(sha256, bytes.length);
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"model.safetensors\",%s}]}".formatted(entry))
        .statusCode(201);
    given().post(run + "/checkpoints/step1/seal").then().statusCode(200);
    Given.post(
            run + "/files", "{\"files\":[{\"path\":\"of-run.safetensors\",%s}]}".formatted(entry))
        .statusCode(200);
    Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"d\"}").statusCode(201);
    Given.post(
            "/v1/projects/" + project + "/datasets/d/versions",
            "{\"version\":\"1\",\"files\":[{\"path\":\"data.bin\",%s}]}".formatted(entry))
        .statusCode(201);
    var sound = Given.artifact(weights());
    var lost = key(sha256);
    damage(lost, how);

    var before = registry.get("cairn.scrub.objects").counter().count();
    var pass = Storage.scrub();
    assertThat(pass.getString("state")).isEqualTo("done");
    assertThat(pass.getLong("damaged")).isEqualTo(1);
    assertThat(registry.get("cairn.scrub.objects").counter().count() - before)
        .isEqualTo((double) pass.getLong("objects"));
    assertThat(damagedArtifacts()).isEqualTo(1);
    given()
        .get("/v1/scrubs/damaged")
        .then()
        .statusCode(200)
        .body("items.size()", equalTo(1))
        .body("items[0].key", equalTo(lost.value()))
        .body("items[0].sha256", equalTo(sha256.hex()))
        .body("items[0].damage", equalTo(how));
    given()
        .get(run + "/findings?class=stored-bytes-damaged")
        .then()
        .body("items.size()", equalTo(1))
        .body("items[0].status", equalTo("open"))
        .body("items[0].subject", equalTo("artifact sha256:" + sha256))
        .body("items[0].evidence.damage", equalTo(how))
        .body("items[0].evidence.key", equalTo(lost.value()))
        .body("items[0].evidence.size", equalTo(bytes.length))
        .body(
            "items[0].evidence.paths",
            equalTo(List.of("of-run.safetensors", "step1: model.safetensors")));

    var dataset = "/v1/projects/" + project + "/datasets/d/versions/1/files/data.bin";
    isRefused("/v1/artifacts/sha256:" + sha256);
    isRefused(run + "/checkpoints/step1/files/model.safetensors");
    isRefused(run + "/files/of-run.safetensors");
    isRefused(dataset);
    isRefusedByTheHub("/" + project + "/" + name + "/resolve/step1/model.safetensors");
    isRefusedByTheHub("/datasets/" + project + "/d/resolve/1/data.bin");
    given().get(run + "/checkpoints/step1/tensors/w").then().statusCode(409);
    given().get(run + "/tensors/w").then().statusCode(409);
    given().redirects().follow(false).get("/v1/artifacts/sha256:" + sound).then().statusCode(307);
    given().get(run + "/checkpoints/step1/files").then().body("files[0].state", equalTo("damaged"));
    Given.post("/v1/artifacts/known", "{\"sha256\":[\"%s\",\"%s\"]}".formatted(sha256, sound))
        .body("known", equalTo(List.of(sound.hex())));
    var second = Given.run("");
    Given.post(second + "/files", "{\"files\":[{\"path\":\"f\",%s}]}".formatted(entry))
        .statusCode(400);
    Given.post(
            second + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"model.safetensors\",%s}]}".formatted(entry))
        .statusCode(201);
    given()
        .post(second + "/checkpoints/step1/seal")
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/incomplete"))
        .body("detail", containsString("damaged"));
    assertThat(Storage.scrub().getLong("damaged")).isEqualTo(1); // told once
    given()
        .get(run + "/findings?class=stored-bytes-damaged")
        .then()
        .body("items.size()", equalTo(1));

    assertThat(Given.artifact(bytes)).isEqualTo(sha256);
    assertThat(key(sha256)).isNotEqualTo(lost);
    assertThat(Given.download("/v1/artifacts/sha256:" + sha256).body()).isEqualTo(bytes);
    assertThat(Given.download(run + "/checkpoints/step1/files/model.safetensors").body())
        .isEqualTo(bytes);
    given()
        .get(run + "/findings?class=stored-bytes-damaged")
        .then()
        .body("items[0].status", equalTo("fixed"));
    given().get("/v1/scrubs/damaged").then().body("items.size()", equalTo(0));
    assertThat(
            storage.count(
                "select count(*) from object_removal where storage_key = ?", lost.value()))
        .isEqualTo(1);
    assertThat(Storage.scrub().getLong("damaged")).isZero();
    meters.damaged(scrubs.counts());
    assertThat(damagedArtifacts()).isZero();
  }

  private static void isRefusedByTheHub(String path) {
    var answer = given().redirects().follow(false).get(path);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.header("X-Error-Message")).contains("damaged");
    assertThat(given().redirects().follow(false).head(path).statusCode()).isEqualTo(409);
  }

  @Test
  void whatAnOperatorRestoredIsServedAgain() throws Exception {
    var bytes = weights();
    var sha256 = Given.artifact(bytes);
    var key = key(sha256);
    damage(key, "missing");
    assertThat(Storage.scrub().getLong("damaged")).isEqualTo(1);
    isRefused("/v1/artifacts/sha256:" + sha256);
    store.putIfAbsent(key, bytes, "application/octet-stream");
    var pass = Storage.scrub();
    assertThat(pass.getLong("damaged")).isZero();
    assertThat(pass.getLong("healed")).isEqualTo(1);
    assertThat(Given.download("/v1/artifacts/sha256:" + sha256).body()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "truncated", "missing"})
  void manifestsArePutBackAndDocumentsAreTold(String how) throws Exception {
    var sha256 = Given.artifact("content " + UUID.randomUUID());
    var run = Given.run("");
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"f\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(sha256, 44))
        .statusCode(201);
    String digest =
        given()
            .post(run + "/checkpoints/step1/seal")
            .then()
            .statusCode(200)
            .extract()
            .path("manifestDigest");
    var manifest =
        store
            .list(new ObjectKey("catalogue"))
            .map(object -> object.key())
            .filter(key -> key.value().contains(digest))
            .findFirst()
            .orElseThrow();
    damage(manifest, how);
    assertThat(Storage.scrub().getLong("healed")).isEqualTo(1);
    byte[] restored;
    try (var stream = store.open(manifest)) {
      restored = stream.readAllBytes();
    }
    assertThat(Sha256.of(restored).hex()).isEqualTo(digest);
    var named =
        new String(restored, UTF_8)
            .replaceAll(".*\"run\":\\{[^}]*\"sha256\":\"", "")
            .substring(0, 64);
    var document = ObjectKey.of("documents", named.substring(0, 2), named + ".json");
    byte[] text;
    try (var stream = store.open(document)) {
      text = stream.readAllBytes();
    }
    damage(document, how);
    assertThat(Storage.scrub().getLong("damaged")).isEqualTo(1);
    given().get("/v1/scrubs/damaged").then().body("items.key", hasItem(document.value()));
    meters.damaged(scrubs.counts());
    assertThat(registry.get("cairn.objects.damaged").gauge().value()).isEqualTo(1);
    store.delete(List.of(document));
    store.putIfAbsent(document, text, "application/json");
    assertThat(Storage.scrub().getLong("healed")).isEqualTo(1);
    given().get("/v1/scrubs/damaged").then().body("items.key", not(hasItem(document.value())));
  }

  /** The catalogue has what they were made of. */
  @ParameterizedTest
  @ValueSource(strings = {"flipped", "truncated", "missing"})
  void recordsAreWrittenAnew(String how) throws Exception {
    var folder = new ObjectKey("records/runs" + Given.run("").substring(12).replace("/runs/", "/"));
    await("a record", Duration.ofSeconds(20), () -> !recordsIn(folder).isEmpty());
    var first = recordsIn(folder).getFirst();
    damage(first.key(), how);
    var pass = Storage.scrub();
    assertThat(pass.getLong("damaged")).isEqualTo(1);
    assertThat(pass.getLong("healed")).isEqualTo(1);
    given().get("/v1/scrubs/damaged").then().body("items.size()", equalTo(0));
    await(
        "another record",
        Duration.ofSeconds(20),
        () -> recordsIn(folder).stream().anyMatch(name -> name.number() > first.number()));
    var second = recordsIn(folder).getLast();
    try (var stream = store.open(second.key())) {
      assertThat(Sha256.of(stream.readAllBytes())).isEqualTo(second.digest());
    }

    // What was replaced while it was read is not damaged.
    var target =
        new ScrubRepository.Target(
            first.key().value(), first.key(), first.digest(), null, false, null);
    scrubs.examined(
        passOutsideOfTheQueue(),
        "records",
        target,
        new Scrubber.Found(Damage.MISSING, null),
        false);
    given().get("/v1/scrubs/damaged").then().body("items.size()", equalTo(0));
  }

  /** The newest comes last. The store may list what it is still writing, by a name of its own. */
  private List<RecordName> recordsIn(ObjectKey folder) {
    try (var objects = store.list(folder)) {
      return objects
          .flatMap(object -> RecordName.of(object.key()).stream())
          .sorted(Comparator.comparingLong(RecordName::number))
          .toList();
    }
  }

  /** A run of the job outside of the queue. */
  private record Run(UUID scrub) implements JobContext {
    @Override
    public UUID id() {
      return scrub;
    }

    @Override
    public String subject() {
      return "test";
    }

    @Override
    public JsonNode payload() {
      return JsonNodeFactory.instance.objectNode().put("scrub", scrub.toString());
    }

    @Override
    public void progress(long done, long total) {
      // nobody looks
    }

    @Override
    public boolean cancelRequested() {
      return false;
    }
  }

  private UUID passOutsideOfTheQueue() {
    var id = UUID.randomUUID();
    storage.sql(
        "insert into scrub (id, state, job_id, folder, position, total_bytes, created_at)"
            + " values (?, 'running', ?, 'artifacts', '', 0, now())",
        id,
        id);
    return id;
  }

  private ScrubJob jobWith(ObjectStore faulty) {
    return new ScrubJob(scrubs, new Scrubber(faulty), faulty, meters, config);
  }

  @Test
  void aStoreThatIsAwayMarksNothingAndThePassGoesOnLater() throws Exception {
    var first = Given.artifact(weights());
    var away =
        FaultyStore.of(
            store,
            "open",
            (arguments, call) -> {
              if (arguments[0].equals(key(first))) {
                throw new ObjectStoreException(Kind.UNAVAILABLE, "the store is away", null);
              }
              return call.call();
            });
    var id = passOutsideOfTheQueue();
    assertThat(jobWith(away).run(new Run(id))).isInstanceOf(JobOutcome.Retry.class);
    assertThat(scrubs.get(id).state()).isEqualTo(ScrubState.RUNNING);
    given().get("/v1/scrubs/damaged").then().body("items.size()", equalTo(0));
    var read = scrubs.get(id).objects();
    assertThat(jobWith(store).run(new Run(id))).isEqualTo(JobOutcome.SUCCEEDED);
    assertThat(scrubs.get(id).state()).isEqualTo(ScrubState.DONE);
    assertThat(scrubs.get(id).objects()).isGreaterThan(read);
    assertThat(scrubs.get(id).damaged()).isZero();
  }

  @Test
  void oneObjectThatCannotBeReadDoesNotHoldUpTheOthers() throws Exception {
    var stuck = key(Given.artifact(weights()));
    var failing =
        FaultyStore.of(
            store,
            "open",
            (arguments, call) -> {
              if (arguments[0].equals(stuck)) {
                throw new ObjectStoreException(Kind.UNAVAILABLE, "a disk fails", null);
              }
              return call.call();
            });
    var id = passOutsideOfTheQueue();
    var job = jobWith(failing);
    int runs = 0;
    while (job.run(new Run(id)) instanceof JobOutcome.Retry) {
      assertThat(++runs).isLessThan(10);
    }
    assertThat(scrubs.get(id).unreadable()).isEqualTo(1);
    assertThat(scrubs.get(id).damaged()).isZero();
  }

  /** A wrong answer of the store, or a bit that fell over on the way, is no damage. */
  @Test
  void aWrongReadIsNoDamage() throws Exception {
    var bytes = weights();
    var key = key(Given.artifact(bytes));
    var times = new AtomicInteger();
    var wrongOnce =
        FaultyStore.of(
            store,
            "open",
            (arguments, call) ->
                arguments[0].equals(key) && times.getAndIncrement() == 0
                    ? new ByteArrayInputStream(new byte[bytes.length])
                    : call.call());
    var id = passOutsideOfTheQueue();
    assertThat(jobWith(wrongOnce).run(new Run(id))).isEqualTo(JobOutcome.SUCCEEDED);
    assertThat(times.get()).isEqualTo(2);
    assertThat(scrubs.get(id).damaged()).isZero();
  }

  @Test
  void theRateIsKept() throws Exception {
    var pace = new Pace(100_000);
    var begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      pace.passed(2_000);
    }
    assertThat((System.nanoTime() - begun) / 1_000_000).isBetween(195L, 2_000L);
  }

  @Test
  void thereIsOnePassAtATimeAndItsJobCanBeCancelled() {
    var id = passOutsideOfTheQueue();
    given().post("/v1/scrubs").then().statusCode(409);
    jobWith(store).gaveUp(new Run(id), "cancelled");
    given()
        .get("/v1/scrubs/" + id)
        .then()
        .body("state", equalTo("cancelled"))
        .body("failure", equalTo("cancelled"));
    given().get("/v1/scrubs").then().statusCode(200).body("items[0].id", equalTo(id.toString()));
    given().get("/v1/scrubs/" + UUID.randomUUID()).then().statusCode(404);
  }
}
