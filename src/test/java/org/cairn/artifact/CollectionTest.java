package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.cairn.job.JobContext;
import org.cairn.job.JobOutcome;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nothing names goes, and nothing else. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Storage.Profile.class)
class CollectionTest {

  @Inject ObjectStore store;
  @Inject DataSource database;
  @Inject ArtifactService artifacts;
  @Inject ArtifactRepository rows;
  @Inject UploadService uploads;
  @Inject UploadConfig uploadConfig;
  @Inject CollectionService plans;
  @Inject MarkService marks;
  @Inject SweepService sweeps;
  @Inject UploadCleaner cleaner;
  @Inject CollectionScheduleJob schedule;
  @Inject CollectionConfig config;
  @Inject @All List<BucketFolder> folders;
  @Inject Clock clock;

  private Storage storage;
  private final List<ObjectKey> placed = new ArrayList<>();

  @BeforeEach
  void connect() {
    storage = new Storage(database);
  }

  @AfterEach
  void tidy() {
    storage.sql("update gc_plan set state = 'cancelled' where state not in ('done', 'cancelled')");
    store.delete(placed);
  }

  private static Sha256 weights() throws Exception {
    float number = (float) Math.random();
    return Given.artifact(new Safetensors().floats("w", List.of(2), number, 1).bytes());
  }

  private static void isHere(Sha256 sha256) throws Exception {
    var read = Given.download("/v1/artifacts/sha256:" + sha256);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(Sha256.of(read.body())).isEqualTo(sha256);
  }

  private static void isGone(Sha256 sha256) {
    given().get("/v1/artifacts/sha256:" + sha256).then().statusCode(404);
  }

  private long objects(Sha256 sha256) {
    return store
        .list(ObjectKey.of("artifacts", sha256.hex().substring(0, 2), sha256.hex()))
        .count();
  }

  private void removeAtOnce() {
    storage.sql("update object_removal set due_at = now() - interval '1 second'");
    schedule.removeOnce();
  }

  private void place(ObjectKey key) {
    store.putIfAbsent(key, new byte[] {'{', '}'}, "application/json");
    placed.add(key);
  }

  private static Sha256 anyDigest() {
    return Sha256.of(Uploads.randomBytes(10));
  }

  private static ObjectKey manifest() {
    var digest = anyDigest();
    return ObjectKey.of("catalogue/p/r/checkpoints", digest + ".json");
  }

  private static Map<String, Object> item(JsonPath plan, String key) {
    return Storage.items(plan).stream()
        .filter(item -> key.equals(item.get("key")))
        .findFirst()
        .orElse(Map.of());
  }

  private static boolean names(JsonPath plan, Sha256 sha256) {
    return Storage.items(plan).stream().anyMatch(item -> sha256.hex().equals(item.get("sha256")));
  }

  @Test
  void whatNothingNamesGoesAndComesBackWhole() throws Exception {
    var number = (float) Math.random();
    var bytes = new Safetensors().floats("w", List.of(2), number, 2).bytes();
    var garbage = Given.artifact(bytes);
    var indexed = "select count(*) from tensor where file_sha256 = ?";
    assertThat(storage.count(indexed, garbage.hex())).isEqualTo(1);
    var plan = Storage.plan();
    assertThat(plan.getString("state")).isEqualTo("waiting");
    assertThat(plan.getLong("bytes")).isGreaterThanOrEqualTo(bytes.length);
    var item =
        Storage.items(plan).stream()
            .filter(it -> garbage.hex().equals(it.get("sha256")))
            .findFirst()
            .orElseThrow();
    assertThat(item).containsEntry("reason", "unreferenced").containsEntry("size", bytes.length);
    isHere(garbage); // nothing is deleted before somebody says so
    var done = Storage.approve(plan);
    assertThat(done.getString("state")).isEqualTo("done");
    assertThat(done.getLong("swept")).isPositive();
    isGone(garbage);
    assertThat(storage.count(indexed, garbage.hex())).isZero();
    // Somebody may still have an address of it.
    assertThat(objects(garbage)).isEqualTo(1);
    assertThat(schedule.removeOnce()).isZero();
    removeAtOnce();
    assertThat(objects(garbage)).isZero();
    Given.post("/v1/artifacts/known", "{\"sha256\":[\"%s\"]}".formatted(garbage))
        .body("known.size()", equalTo(0));
    assertThat(Given.artifact(bytes)).isEqualTo(garbage);
    isHere(garbage);
    assertThat(storage.count(indexed, garbage.hex())).isEqualTo(1);
  }

  @Test
  void whatAnythingNamesStays() throws Exception {
    var project = Given.project();
    var run = Given.run(project, "run", "");
    var draft = weights();
    var ofRun = weights();
    var ofDataset = weights();
    var tokenizer = weights();
    var order = weights();
    var raw = Given.artifact("lr: " + Math.random());
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"m\",\"sha256\":\"%s\",\"size\":1}]}"
                .formatted(draft))
        .statusCode(201);
    Given.runFile(run, "log.txt", "a log of " + project);
    var log = Sha256.of(("a log of " + project).getBytes(UTF_8));
    Given.post(
            run + "/files",
            "{\"files\":[{\"path\":\"w\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(ofRun, size(ofRun)))
        .statusCode(200);
    Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"d\"}").statusCode(201);
    Given.post(
            "/v1/projects/" + project + "/datasets/d/versions",
            "{\"version\":\"1\",\"tokenizerSha256\":\"%s\",\"files\":[{\"path\":\"d\",\"sha256\":\"%s\"}]}"
                .formatted(tokenizer, ofDataset))
        .statusCode(201);
    Given.post(
            "/v1/projects/" + project + "/configurations",
            "{\"name\":\"c.yml\",\"raw\":\"%s\"}".formatted(raw))
        .statusCode(201);
    Given.post(
            run + "/segments",
            "{\"name\":\"s\",\"dataOrder\":{\"kind\":\"index\",\"sha256\":\"%s\"}}"
                .formatted(order))
        .statusCode(201);
    var plan = Storage.plan();
    for (var named : List.of(draft, ofRun, log, ofDataset, tokenizer, raw, order)) {
      assertThat(names(plan, named)).isFalse();
    }
    assertThat(Storage.approve(plan).getString("state")).isEqualTo("done");
    for (var named : List.of(draft, ofRun, log, ofDataset, tokenizer, raw, order)) {
      isHere(named);
    }
    given().delete(run + "/checkpoints/step1").then().statusCode(204);
    Storage.collect();
    isGone(draft);
    isHere(ofRun);
  }

  private long size(Sha256 sha256) {
    return storage.count("select size from artifact where sha256 = ?", sha256.hex());
  }

  @Test
  void whatIsNamedAfterThePlanWasMadeStays() throws Exception {
    var late = weights();
    var plan = Storage.plan();
    assertThat(names(plan, late)).isTrue();
    var run = Given.run("");
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"m\",\"sha256\":\"%s\",\"size\":1}]}"
                .formatted(late))
        .statusCode(201);
    var done = Storage.approve(plan);
    assertThat(done.getLong("kept")).isPositive();
    isHere(late);
    assertThat(Storage.items(done))
        .filteredOn(item -> late.hex().equals(item.get("sha256")))
        .extracting(item -> item.get("outcome"))
        .containsExactly("kept");
  }

  @Test
  void whoeverIsToldThatBytesAreHereFindsThemThere() throws Exception {
    var known = weights();
    storage.sql(
        "update artifact set needed_at = now() - interval '9 days' where sha256 = ?", known.hex());
    var idle = Duration.ofDays(7);
    assertThat(QuarkusTransaction.requiringNew().call(() -> rows.lockIdle(List.of(known), idle)))
        .containsKey(known);
    Given.post("/v1/artifacts/known", "{\"sha256\":[\"%s\"]}".formatted(known))
        .body("known", equalTo(List.of(known.hex())));
    assertThat(QuarkusTransaction.requiringNew().call(() -> rows.lockIdle(List.of(known), idle)))
        .isEmpty();
    // Most answers write nothing.
    storage.sql(
        "update artifact set needed_at = now() - interval '10 minutes' where sha256 = ?",
        known.hex());
    var touched =
        "select count(*) from artifact where sha256 = ? and needed_at > now() - interval '1 minute'";
    assertThat(
            QuarkusTransaction.requiringNew()
                .call(() -> rows.need(List.of(known), Duration.ofHours(1))))
        .containsKey(known);
    assertThat(storage.count(touched, known.hex())).isZero();
    Given.post("/v1/uploads", "{\"sha256\":\"%s\",\"size\":%d}".formatted(known, size(known)))
        .statusCode(200);
    assertThat(storage.count(touched, known.hex())).isEqualTo(1);
  }

  private ArtifactState claim(Sha256 sha256) {
    return Objects.requireNonNull(artifacts.claim(List.of(sha256)).get(sha256)).state();
  }

  /** A registration is under way while the sweep goes by, and the other way round. */
  @Test
  void aSweepAndARegistrationNeverMissEachOther() throws Exception {
    var claimed = weights();
    var plan = Storage.plan();
    var locked = new CountDownLatch(1);
    var swept = new CountDownLatch(1);
    var registering =
        CompletableFuture.supplyAsync(() ->
            QuarkusTransaction.requiringNew()
                .call(() -> {
                  var state = claim(claimed);
                  locked.countDown();
                  assertThat(swept.await(30, TimeUnit.SECONDS)).isTrue();
                  return state;
                }));
    assertThat(locked.await(30, TimeUnit.SECONDS)).isTrue();
    Storage.approve(plan);
    swept.countDown();
    assertThat(registering.join()).isEqualTo(ArtifactState.VERIFIED);
    isHere(claimed);

    var deleting = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var sweeping =
        CompletableFuture.runAsync(() ->
            QuarkusTransaction.requiringNew()
                .run(() -> {
                  rows.lockIdle(List.of(claimed), Duration.ZERO);
                  rows.delete(List.of(claimed));
                  deleting.countDown();
                  try {
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
    assertThat(deleting.await(30, TimeUnit.SECONDS)).isTrue();
    var late =
        CompletableFuture.supplyAsync(
            () -> QuarkusTransaction.requiringNew().call(() -> claim(claimed)));
    var told =
        CompletableFuture.supplyAsync(
            () -> QuarkusTransaction.requiringNew().call(() -> artifacts.known(List.of(claimed))));
    Thread.sleep(200);
    assertThat(late.isDone()).isFalse();
    assertThat(told.isDone()).isFalse();
    goOn.countDown();
    sweeping.join();
    assertThat(late.join()).isEqualTo(ArtifactState.MISSING);
    assertThat(told.join()).isEmpty();
  }

  /** A sweep has the row: whoever is about to write its digest somewhere waits for what it does. */
  @ParameterizedTest
  @ValueSource(
      strings = {"checkpoint", "draft", "bulk", "run", "dataset", "tokenizer", "raw", "order"})
  void whoeverNamesBytesWaitsForASweepOfThem(String what) throws Exception {
    var project = Given.project();
    var run = Given.run(project, "run", "");
    Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"d\"}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"step\":0}").statusCode(201);
    var sha256 = weights();
    var versions = "/v1/projects/" + project + "/datasets/d/versions";
    var file = "{\"path\":\"f\",\"sha256\":\"%s\",\"size\":%d}".formatted(sha256, size(sha256));
    var step = "{\"step\":1,\"files\":[" + file + "]}";
    Supplier<Response> request =
        switch (what) {
          case "checkpoint" -> () -> Api.post(run + "/checkpoints", step);
          case "draft" ->
              () -> Api.post(run + "/checkpoints/step0/files", "{\"files\":[" + file + "]}");
          case "bulk" ->
              () ->
                  given()
                      .contentType("application/x-ndjson")
                      .body(step.getBytes(UTF_8))
                      .post(run + "/checkpoints/bulk");
          case "run" -> () -> Api.post(run + "/files", "{\"files\":[" + file + "]}");
          case "dataset" ->
              () -> Api.post(versions, "{\"version\":\"1\",\"files\":[" + file + "]}");
          case "tokenizer" ->
              () ->
                  Api.post(
                      versions,
                      "{\"version\":\"1\",\"tokenizerSha256\":\"%s\",\"files\":[{\"path\":\"g\",\"location\":\"https://example.org/g\"}]}"
                          .formatted(sha256));
          case "raw" ->
              () ->
                  Api.post(
                      "/v1/projects/" + project + "/configurations",
                      "{\"name\":\"c\",\"raw\":\"%s\",\"resolved\":{\"a\":1}}".formatted(sha256));
          default ->
              () ->
                  Api.post(
                      run + "/segments",
                      "{\"name\":\"s\",\"dataOrder\":{\"kind\":\"index\",\"sha256\":\"%s\"}}"
                          .formatted(sha256));
        };
    CompletableFuture<Response> answer;
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (var lock =
          connection.prepareStatement("select 1 from artifact where sha256 = ? for update")) {
        lock.setObject(1, sha256.hex());
        lock.executeQuery().close();
      }
      answer = CompletableFuture.supplyAsync(request);
      Thread.sleep(500);
      assertThat(answer.isDone()).isFalse();
      connection.rollback();
      connection.setAutoCommit(true);
    }
    assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isBetween(200, 201);
    Storage.collect();
    isHere(sha256);
  }

  @Test
  void bytesThatAreBeingSentAgainKeepWhatWasIndexed() throws Exception {
    var bytes = new Safetensors().floats("w", List.of(1), (float) Math.random()).bytes();
    var other = new Uploads();
    var open = other.open(Sha256.of(bytes).hex(), bytes.length).extract().<String>path("id");
    var sha256 = Given.artifact(bytes);
    Storage.collect();
    isHere(sha256);
    given().delete("/v1/uploads/" + open).then().statusCode(204);
    Storage.collect();
    isGone(sha256);
  }

  @Test
  void anUploadThatIsOverSaysNothingOfWhatWasCollected() throws Exception {
    var sha256 = weights();
    var size = size(sha256);
    Storage.collect();
    assertThat(artifacts.statuses(List.of(sha256))).containsValue(ArtifactStatus.MISSING);
    var request = "{\"sha256\":\"%s\",\"size\":%d}".formatted(sha256, size);
    Given.post("/v1/uploads", request).statusCode(201);
  }

  @Test
  void aRepeatedRequestIsNotToldOfBytesThatWereCollected() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var sha256 = Sha256.of(bytes);
    var key = UUID.randomUUID().toString();
    var request = Map.of("sha256", sha256.hex(), "size", bytes.length);
    var sender = new Uploads();
    var opened =
        given()
            .contentType("application/json")
            .header("Idempotency-Key", key)
            .body(request)
            .post("/v1/uploads")
            .jsonPath();
    sender.putAll(opened, bytes);
    sender.complete(opened.getString("id")).statusCode(202);
    sender.await(opened.getString("id")).body("state", equalTo("verified"));
    Storage.collect();
    given()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body(request)
        .post("/v1/uploads")
        .then()
        .statusCode(201)
        .body("state", equalTo("open"));
  }

  @Test
  void objectsOfUploadsThatAreOverGoAndThoseNobodyKnowsStay() {
    var hex = anyDigest().hex();
    var id = new Uploads().open(hex, 2).extract().<String>path("id");
    var orphan = uploads.facts(UUID.fromString(id)).multipart().key();
    place(orphan);
    var unknown = ObjectKey.of("artifacts", hex.substring(0, 2), hex, UUID.randomUUID().toString());
    place(unknown);
    var foreign = ObjectKey.of("artifacts", hex.substring(0, 2), hex, "notes.txt");
    place(foreign);
    var elsewhere = ObjectKey.of("backups", "dump");
    place(elsewhere);
    assertThat(item(Storage.collect(), orphan.value())).isEmpty(); // the upload is open
    given().delete("/v1/uploads/" + id).then().statusCode(204);
    place(orphan); // as if the replica had died in between
    var plan = Storage.plan();
    assertThat(item(plan, orphan.value())).containsEntry("reason", "orphan");
    assertThat(item(plan, unknown.value())).containsEntry("reason", "unknown");
    assertThat(plan.getLong("unknown")).isEqualTo(1);
    assertThat(item(plan, foreign.value())).isEmpty();
    Storage.approve(plan);
    removeAtOnce();
    assertThat(store.stat(orphan)).isEmpty();
    assertThat(List.of(unknown, foreign, elsewhere)).allMatch(key -> store.stat(key).isPresent());
  }

  @Test
  void aCatalogueThatIsOlderThanTheBucketDeletesNothing() throws Exception {
    var garbage = weights();
    var newer = manifest();
    place(newer);
    var plan = Storage.plan();
    assertThat(plan.getLong("ahead")).isEqualTo(1);
    assertThat(item(plan, newer.value())).containsEntry("reason", "ahead");
    given()
        .post("/v1/gc/plans/" + plan.getString("id") + "/approve")
        .then()
        .statusCode(409)
        .body("detail", containsString("rebuilt"));
    given().post("/v1/gc/plans/" + plan.getString("id") + "/cancel").then().statusCode(202);
    isHere(garbage);
    store.delete(List.of(newer));
    assertThat(Storage.collect().getLong("ahead")).isZero();
    isGone(garbage);
  }

  @Test
  void aCatalogueThatBecameOlderSinceThePlanDeletesNothing() throws Exception {
    var garbage = weights();
    var plan = Storage.plan();
    place(manifest());
    var over = Storage.approve(plan);
    assertThat(over.getString("state")).isEqualTo("cancelled");
    assertThat(over.getString("failure")).contains("rebuilt");
    isHere(garbage);
  }

  @Test
  void manifestsThatWereGivenUpGo() {
    var given = manifest();
    place(given);
    var name = given.value().replaceAll(".*/|\\.json", "");
    storage.sql("insert into abandoned_manifest values (?, now())", name);
    var plan = Storage.plan();
    assertThat(item(plan, given.value())).containsEntry("reason", "abandoned");
    Storage.approve(plan);
    removeAtOnce();
    assertThat(store.stat(given)).isEmpty();
  }

  @Test
  void documentsThatNobodyKnowsStay() {
    var digest = anyDigest();
    var key = ObjectKey.of("documents", digest.hex().substring(0, 2), digest + ".json");
    place(key);
    assertThat(item(Storage.collect(), key.value())).containsEntry("reason", "unknown");
    removeAtOnce();
    assertThat(store.stat(key)).isPresent();
  }

  /** A run of the job outside of the queue. */
  private record Run(UUID plan) implements JobContext {
    @Override
    public UUID id() {
      return plan;
    }

    @Override
    public String subject() {
      return "test";
    }

    @Override
    public JsonNode payload() {
      return JsonNodeFactory.instance.objectNode().put("plan", plan.toString());
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

  private UUID planOutsideOfTheQueue() {
    var id = UUID.randomUUID();
    storage.sql(
        "insert into gc_plan (id, state, job_id, created_at) values (?, 'marking', ?, now())",
        id,
        id);
    return id;
  }

  private JobOutcome run(UUID plan, UploadCleaner cleaning) {
    return new CollectionJob(plans, marks, sweeps, cleaning, store, folders, config, clock)
        .run(new Run(plan));
  }

  @Test
  void unfinishedUploadsOfTheStoreAreShownAndDropped() {
    var hex = anyDigest().hex();
    var key = ObjectKey.of("artifacts", hex.substring(0, 2), hex, UUID.randomUUID().toString());
    store.startMultipart(key, "text/plain");
    var later = Clock.offset(clock, uploadConfig.expiry().plusDays(2));
    var old = new UploadCleaner(uploads, store, uploadConfig, later);
    var id = planOutsideOfTheQueue();
    assertThat(run(id, old)).isEqualTo(JobOutcome.SUCCEEDED);
    var plan = given().get("/v1/gc/plans/" + id).jsonPath();
    assertThat(plan.getString("state")).isEqualTo("waiting");
    assertThat(item(plan, key.value())).containsEntry("reason", "stale-upload");
    storage.sql("update gc_plan set state = 'approved' where id = ?", id);
    assertThat(run(id, old)).isEqualTo(JobOutcome.SUCCEEDED);
    assertThat(item(plan, key.value())).containsEntry("outcome", "swept");
    assertThat(store.listMultiparts(ObjectKey.of("artifacts", hex.substring(0, 2), hex))).isEmpty();
  }

  /** The worker was killed in the middle: once while it marked, once while it swept. */
  @Test
  void aPlanGoesOnAfterACrash() throws Exception {
    var first = weights();
    var second = weights();
    var id = planOutsideOfTheQueue();
    storage.sql("insert into gc_item (plan_id, storage_key, reason) values (?, 'x', 'orphan')", id);
    assertThat(run(id, cleaner)).isEqualTo(JobOutcome.SUCCEEDED);
    var plan = given().get("/v1/gc/plans/" + id).jsonPath();
    assertThat(names(plan, first)).isTrue();
    assertThat(item(plan, "x")).isEmpty();
    storage.sql("update gc_plan set state = 'sweeping' where id = ?", id);
    // The rows of one went, and nobody had time for its object.
    storage.sql(
        "update gc_item set outcome = 'kept' where plan_id = ? and sha256 <> ?", id, first.hex());
    assertThat(sweeps.artifacts(id)).isTrue();
    storage.sql("update gc_item set outcome = null where plan_id = ?", id);
    isGone(first);
    assertThat(objects(first)).isEqualTo(1);
    assertThat(run(id, cleaner)).isEqualTo(JobOutcome.SUCCEEDED);
    assertThat(plans.get(id).state()).isEqualTo(PlanState.DONE);
    isGone(second);
    removeAtOnce();
    assertThat(objects(first) + objects(second)).isZero();
  }

  @Test
  void thereIsOnePlanAtATimeAndItCanBeGivenUp() throws Exception {
    var garbage = weights();
    var plan = Storage.plan();
    var address = "/v1/gc/plans/" + plan.getString("id");
    given().post("/v1/gc/plans").then().statusCode(409);
    given().post(address + "/cancel").then().statusCode(202).body("state", equalTo("cancelled"));
    given().post(address + "/approve").then().statusCode(409);
    isHere(garbage);
    given()
        .get("/v1/gc/plans")
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(plan.getString("id")));
    given().get("/v1/gc/plans/" + UUID.randomUUID()).then().statusCode(404);
    var key = UUID.randomUUID().toString();
    String id =
        given()
            .header("Idempotency-Key", key)
            .post("/v1/gc/plans")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    given()
        .header("Idempotency-Key", key)
        .post("/v1/gc/plans")
        .then()
        .statusCode(201)
        .body("id", equalTo(id));
    Storage.await("/v1/gc/plans/" + id, Set.of("waiting", "done"));
    given().post("/v1/gc/plans/" + id + "/cancel").then().statusCode(202);
  }

  @Test
  void itemsComeInPages() throws Exception {
    weights();
    weights();
    weights();
    var plan = Storage.plan();
    var seen = new ArrayList<Map<String, Object>>();
    var token = "";
    while (token != null) {
      var page =
          given()
              .queryParam("pageSize", 2)
              .queryParam("pageToken", token)
              .get("/v1/gc/plans/" + plan.getString("id") + "/items")
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      seen.addAll(page.getList("items"));
      token = page.getString("nextPageToken");
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(3).isEqualTo(Storage.items(plan));
  }

  @Test
  @SuppressWarnings("NullAway") // nothing else of the service is called
  void nobodyApprovesAPlanWithThingsThatNobodyKnows() {
    var automatic =
        new SmallRyeConfigBuilder()
            .withMapping(CollectionConfig.class)
            .withDefaultValue("cairn.gc.approval", "automatic")
            .build()
            .getConfigMapping(CollectionConfig.class);
    var approving = new CollectionService(null, null, null, automatic);
    assertThat(approving.approvesItself(view(0, 0))).isTrue();
    assertThat(approving.approvesItself(view(1, 0))).isFalse();
    assertThat(approving.approvesItself(view(0, 1))).isFalse();
    assertThat(plans.approvesItself(view(0, 0))).isFalse();
  }

  private static PlanView view(long unknown, long ahead) {
    var id = UUID.randomUUID();
    return new PlanView(
        id,
        PlanState.WAITING,
        id,
        1,
        0,
        0,
        1,
        unknown,
        ahead,
        0,
        0,
        0,
        null,
        Clock.systemUTC().instant(),
        null,
        null,
        null);
  }
}
