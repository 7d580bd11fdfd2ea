package org.cairn.record;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.hamcrest.Matchers.oneOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the bucket says of the catalogue follows every change. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RecordTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject ObjectStore store;
  @Inject RecordShipper shipper;
  @Inject RecordService records;
  @Inject Scheduler scheduler;

  /** So that nothing is stored but what a test asks for. */
  @BeforeEach
  void pause() {
    scheduler.pause();
    shipAll();
  }

  @AfterEach
  void resume() {
    scheduler.resume();
  }

  @Test
  void theNewestRowsTakeThePlaceOfThoseBefore() throws IOException {
    var run = Given.run("\"metadata\":{\"exact\":9007199254740993123}");
    var folder = folder("runs", run);
    assertThat(objects(folder)).isEmpty();
    shipAll();
    var first = only(folder);
    var before = record(first);
    assertThat(before.at("/rows/run/0/metadata/exact").bigIntegerValue())
        .hasToString("9007199254740993123");
    shipAll();
    assertThat(only(folder)).as("nothing changed").isEqualTo(first);

    patch(run, "{\"title\":\"Other\"}");
    Given.post(run + "/segments", "{\"name\":\"warmup\"}").statusCode(201);
    shipAll();
    var second = only(folder);
    assertThat(number(second)).isGreaterThan(number(first));
    assertThat(record(second).at("/rows/run/0/title").asText()).isEqualTo("Other");
    assertThat(record(second).at("/rows/segment/0/name").asText()).isEqualTo("warmup");
    assertThat(record(second).path("subject")).isEqualTo(before.path("subject"));
  }

  @Test
  void whatIsDeletedLeavesNoRecord() throws IOException {
    var run = Given.run("");
    var folder = folder("runs", run);
    shipAll();
    var first = only(folder);
    var bytes = bytes(first);
    patch(run, "{\"title\":\"Other\"}");
    shipAll();
    // As a crash leaves it that comes after the second was stored.
    store.putIfAbsent(first, bytes, "application/gzip");
    assertThat(objects(folder)).hasSize(2);
    delete(run);
    Given.post(
            run.substring(0, run.lastIndexOf('/')),
            "{\"name\":\"%s\"}".formatted(run.substring(run.lastIndexOf('/') + 1)))
        .statusCode(201);
    shipAll();
    assertThat(record(only(folder)).at("/rows/run/0/title").isNull()).as("another").isTrue();

    delete(run);
    shipAll();
    assertThat(objects(folder)).isEmpty();
  }

  @Test
  void whatASealedCheckpointHangsOnIsThereBeforeItIsSealed() throws Exception {
    var run = Given.run("\"title\":\"Sealed\"");
    Given.post(run + "/segments", "{\"name\":\"main\"}").statusCode(201);
    var file = Given.artifact("weights " + run);
    Given.post(
            run + "/checkpoints",
            """
            {"step":1,"segment":"main","files":[{"path":"a.bin","sha256":"%s","size":%d,"role":"weights"}]}
            """
                .formatted(file, ("weights " + run).length()))
        .statusCode(201);
    given().post(run + "/checkpoints/step1/seal").then().statusCode(oneOf(200, 202));
    await(
        "sealed",
        Duration.ofSeconds(30),
        () -> given().get(run + "/checkpoints/step1").path("state").equals("sealed"));
    assertThat(record(only(folder("runs", run))).at("/rows/run/0/title").asText())
        .isEqualTo("Sealed");
    assertThat(objects(new ObjectKey("records/projects/" + projectOf(run)))).hasSize(1);
    assertThat(objects(folder("labels", run))).as("labels of the manifest").isEmpty();

    given()
        .contentType(ContentType.JSON)
        .body("{\"checkpoint\":\"step1\"}")
        .put(run + "/labels/best")
        .then()
        .statusCode(200);
    shipAll();
    var labels = record(only(folder("labels", run))).at("/rows/checkpoint_label");
    assertThat(labels).hasSize(1);
    assertThat(labels.get(0).path("label").asText()).isEqualTo("best");
  }

  @Test
  void replicasThatStoreAtOnceLeaveTheNewest() throws Exception {
    var run = Given.run("");
    var folder = folder("runs", run);
    try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        patch(run, "{\"title\":\"title %d\"}".formatted(i));
        Callable<Integer> ship = () -> shipper.shipDue(100);
        for (var done : workers.invokeAll(List.of(ship, ship, ship, ship))) {
          assertThat(done.get()).isNotNegative();
        }
      }
    }
    shipAll();
    assertThat(record(only(folder)).at("/rows/run/0/title").asText()).isEqualTo("title 19");
    assertThat(records.waiting()).isZero();
  }

  private void shipAll() {
    while (shipper.shipDue(100) > 0) {
      assertThat(records.waiting()).isNotNegative();
    }
  }

  private static void patch(String run, String json) {
    given()
        .contentType("application/merge-patch+json")
        .header("If-Match", "*")
        .body(json)
        .patch(run)
        .then()
        .statusCode(200);
  }

  private static void delete(String run) {
    given()
        .contentType(ContentType.JSON)
        .body(
            "{\"name\":\"%s\",\"organization\":\"%s\",\"type\":\"model\"}"
                .formatted(run.substring(run.lastIndexOf('/') + 1), projectOf(run)))
        .delete("/api/repos/delete")
        .then()
        .statusCode(200);
  }

  private static String projectOf(String run) {
    return run.substring("/v1/projects/".length(), run.indexOf("/runs/"));
  }

  private static ObjectKey folder(String kinds, String run) {
    return ObjectKey.of("records", kinds, projectOf(run), run.substring(run.lastIndexOf('/') + 1));
  }

  private List<ObjectKey> objects(ObjectKey folder) {
    try (var objects = store.list(folder)) {
      return objects.map(ObjectInfo::key).toList();
    }
  }

  private ObjectKey only(ObjectKey folder) {
    assertThat(objects(folder)).hasSize(1);
    return objects(folder).getFirst();
  }

  private static long number(ObjectKey key) {
    return RecordName.of(key).orElseThrow().number();
  }

  private JsonNode record(ObjectKey key) throws IOException {
    var bytes = bytes(key);
    assertThat(RecordName.of(key).orElseThrow().digest()).isEqualTo(Sha256.of(bytes));
    return JSON.readTree(new GZIPInputStream(new ByteArrayInputStream(bytes)));
  }

  private byte[] bytes(ObjectKey key) throws IOException {
    try (var stream = store.open(key)) {
      return stream.readAllBytes();
    }
  }
}
