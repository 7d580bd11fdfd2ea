package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.hibernate.Session;
import org.junit.jupiter.api.Test;

/** Losing the database loses no sealed checkpoint: docs/storage-layout.md, read back. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ManifestTest {

  private static final ObjectMapper JSON = JsonLimits.mapper();
  private static final String NUMBERS =
      "{\"seed\":11400714819323198485,\"text\":\"11400714819323198485\",\"decimal\":0.1234567890123456789,"
          + "\"round\":1e21,\"a/b~c\":[9007199254740993]}";

  @Inject ObjectStore store;
  @Inject Session session;
  @Inject SealService seals;

  @Test
  void theBucketAloneTellsEverythingOfASealedCheckpoint() throws Exception {
    var project = Given.project();
    var raw = Given.artifact("lr: 3.0e-4 # " + UUID.randomUUID() + "\nbig: 11400714819323198485\n");
    String configuration =
        Given.post(
                "/v1/projects/" + project + "/configurations",
                "{\"name\":\"c.yml\",\"raw\":\"%s\",\"rawMediaType\":\"application/yaml\"}"
                    .formatted(raw))
            .statusCode(201)
            .extract()
            .path("id");
    var data = Given.artifact("tokens " + UUID.randomUUID());
    Given.post(
            "/v1/projects/" + project + "/datasets", "{\"name\":\"pile\",\"title\":\"The Pile\"}")
        .statusCode(201);
    Given.post(
            "/v1/projects/" + project + "/datasets/pile/versions",
            """
            {"version":"1","tokens":9223372036854775807,"metadata":%s,"files":[
              {"path":"b.bin","sha256":"%s"},
              {"path":"a.bin","location":"https://example.org/a.bin","size":9007199254740993}]}
            """
                .formatted(NUMBERS, data))
        .statusCode(201);
    var run =
        Given.run(
            project,
            "run",
            """
            "family":"f","axes":{"seed":11400714819323198485},"metadata":%s,
            "batchSchedule":[{"fromStep":0,"sequencesPerStep":1024,"sequenceLength":2048}],
            "checkpointSchedule":[{"explicit":[0,1]},{"every":1000}]
            """
                .formatted(NUMBERS));
    Given.post(run + "/segments", "{\"name\":\"warmup\",\"endStep\":10}").statusCode(201);
    Given.post(run + "/checkpoints", "{\"step\":10}").statusCode(201);
    Given.post(
            run + "/segments",
            """
            {"name":"main","startStep":10,"configuration":"%s","code":{"commit":"abc","dirty":true},
             "environment":{"packages":["torch==2.9.0"]},"hardware":{"gpu":"H100"},"worldSize":64,
             "argv":["--lr","3e-4"],"seeds":{"init":-9223372036854775808},"externalIds":{"wandb":"x"},
             "dataOrder":{"kind":"recipe","recipe":{"algorithm":"pcg64","seed":7},
               "datasetVersion":"%s/pile@1"},
             "parents":[{"kind":"resume","checkpoint":"step10","loads":{"weights":true,"rng":false}}]}
            """
                .formatted(configuration, project))
        .statusCode(201);
    var weights = "weights " + UUID.randomUUID();
    var sha256 = Given.artifact(weights);
    Given.post(
            run + "/checkpoints",
            """
            {"step":1000,"labels":["step1000-tokens2B"],"tokens":2000000000,"kind":"extra",
             "weightsKind":"ema","takenAt":"2026-01-02T03:04:05.123456Z",
             "components":{"weights":"present","optimizer":"lost"},
             "representations":[{"format":"hf-safetensors","converter":{"tool":"convert","commit":"1"}}],
             "parents":[{"kind":"merge","checkpoint":"step10","coefficient":0.3333333333333333,"note":"n"},
                        {"kind":"conversion","external":"elsewhere"}],
             "metadata":%s,
             "files":[{"path":"b/model.safetensors","sha256":"%s","size":%d,"role":"weights",
               "mediaType":"application/x-safetensors","representation":"hf-safetensors"}]}
            """
                .formatted(NUMBERS, sha256, weights.length()))
        .statusCode(201);
    given().delete(run + "/labels/step1000-tokens2B").then().statusCode(204);
    put(run + "/labels/main");
    String digest =
        given()
            .post(run + "/checkpoints/step1000/seal")
            .then()
            .statusCode(200)
            .extract()
            .path("manifestDigest");

    // From here on the database is only what the rebuilt answers are compared with.
    var key = onlyKey("catalogue/" + project + "/run/checkpoints");
    assertThat(key).endsWith("/" + digest + ".json");
    var manifest = exact(read(key, digest));
    assertThat(manifest.at("/format").asText()).isEqualTo("cairn.checkpoint/1");
    assertThat(whole(document(manifest, "/project/sha256").get("project")))
        .isEqualTo(api("/v1/projects/" + project));
    assertThat(whole(document(manifest, "/run/sha256").get("run"))).isEqualTo(api(run));
    var segment = document(manifest, "/segment/sha256").get("segment");
    assertThat(whole(segment)).isEqualTo(api(run + "/segments/main"));
    assertThat(segment.at("/parents/0/resolved/segment").asText()).isEqualTo("warmup");
    assertThat(segment.at("/configuration").asText()).isEqualTo(configuration);

    var about = document(manifest, "/configuration/sha256");
    var rebuilt = (ObjectNode) about.get("configuration").deepCopy();
    rebuilt.set(
        "resolved",
        exact(
            read(documentKey(manifest.at("/configuration/resolved").asText())),
            about.get("resolvedExactNumbers")));
    assertThat(whole(rebuilt))
        .isEqualTo(api("/v1/projects/" + project + "/configurations/" + configuration));
    assertThat(rebuilt.at("/resolved/big").decimalValue())
        .isEqualTo(new BigDecimal("11400714819323198485"));
    assertThat(manifest.at("/configuration/raw").asText()).isEqualTo(raw.hex());
    assertThat(bytes(onlyKey("artifacts/" + raw.hex().substring(0, 2) + "/" + raw)))
        .asString(StandardCharsets.UTF_8)
        .startsWith("lr: 3.0e-4");

    var dataset = "/v1/projects/" + project + "/datasets/pile";
    var version = document(manifest, "/datasetVersion/sha256");
    assertThat(whole(version.get("project"))).isEqualTo(api("/v1/projects/" + project));
    assertThat(whole(version.get("dataset"))).isEqualTo(api(dataset));
    assertThat(whole(version.get("version"))).isEqualTo(api(dataset + "/versions/1"));
    var files = read(documentKey(manifest.at("/datasetVersion/files").asText()));
    assertThat(files.findValuesAsText("path")).containsExactly("a.bin", "b.bin");
    assertThat(files.at("/0/size").asText()).isEqualTo("9007199254740993");
    assertThat(files.at("/1/sha256").asText()).isEqualTo(data.hex());

    var shown = (ObjectNode) api(run + "/checkpoints/step1000");
    var sealed = (ObjectNode) manifest.get("checkpoint").deepCopy();
    assertThat(sealed.at("/weightsDigest").isNull()).isTrue();
    assertThat(sealed.at("/parents/0/resolved/segment").asText()).isEqualTo("warmup");
    var labels = sealed.remove("labels");
    assertThat(labels.findValuesAsText("label"))
        .containsExactly("step1000", "step1000-tokens2B", "main");
    assertThat(labels.at("/0/retiredAt").isNull()).isTrue();
    assertThat(labels.at("/1/retiredAt").isTextual()).isTrue();
    var file = (ObjectNode) sealed.at("/files/0");
    assertThat(bytes(onlyKey("artifacts/" + sha256.hex().substring(0, 2) + "/" + sha256)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(weights);
    file.put("state", "verified");
    sealed.remove("id");
    // What the catalogue adds of its own, or derives from the rest.
    sealed.put("project", project).put("run", "run").put("state", "sealed");
    sealed.put("segment", manifest.at("/segment/name").asText()).put("manifestDigest", digest);
    sealed.put("fileCount", 1).put("totalSize", weights.length());
    sealed.set("labels", JSON.createArrayNode().add("step1000").add("main"));
    assertThat(whole(sealed)).isEqualTo(shown);
  }

  @Test
  void whatIsNotKnownIsSealedAsNull() throws Exception {
    var run = Given.run("");
    var bytes = "b " + UUID.randomUUID();
    draft(run, bytes);
    Given.artifact(bytes);
    given().post(run + "/checkpoints/step1/seal").then().statusCode(200);
    var manifest = JSON.readTree(given().get(run + "/checkpoints/step1/manifest").asByteArray());
    for (var field : new String[] {"segment", "configuration", "datasetVersion"}) {
      assertThat(manifest.get(field).isNull()).as(field).isTrue();
    }
    var about = document(manifest, "/run/sha256");
    assertThat(about.at("/run/family").isNull()).isTrue();
    assertThat(about.at("/run/batchSchedule").isNull()).isTrue();
  }

  @Test
  void aSealTakenUpAfterACrashFindsItsManifestThere() throws Exception {
    var run = Given.run("");
    var bytes = "b " + UUID.randomUUID();
    draft(run, bytes);
    Given.artifact(bytes);
    var names = run.split("/", -1);
    // The object is stored before the job can begin, as by a job that was killed right after.
    QuarkusTransaction.requiringNew()
        .run(() -> {
          seals.begin(names[3], names[5], "step1");
          session.flush();
          seals.describe(idOf(names[3]), CheckpointWeights.Assessment.NOTHING);
          session.flush();
          var row =
              session
                  .createNativeQuery(
                      """
                      select c.manifest, c.manifest_sha256 from checkpoint c
                      join run r on r.id = c.run_id join project p on p.id = r.project_id
                      where p.name = :project
                      """,
                      Object[].class)
                  .setParameter("project", names[3])
                  .getSingleResult();
          store.putIfAbsent(
              new ObjectKey("catalogue/%s/run/checkpoints/%s.json".formatted(names[3], row[1])),
              ((String) row[0]).getBytes(StandardCharsets.UTF_8),
              "application/json");
        });
    given()
        .post(run + "/checkpoints/step1/seal")
        .then()
        .statusCode(200)
        .body("state", is("sealed"));
  }

  private UUID idOf(String project) {
    return session
        .createNativeQuery(
            """
            select c.id from checkpoint c join run r on r.id = c.run_id
            join project p on p.id = r.project_id where p.name = :project
            """,
            UUID.class)
        .setParameter("project", project)
        .getSingleResult();
  }

  @Test
  void aSealWhoseJobIsGoneIsTakenUpByTheNextRequest() throws Exception {
    var run = Given.run("");
    var bytes = "b " + UUID.randomUUID();
    draft(run, bytes);
    var verifying = Sha256.of(bytes.getBytes(StandardCharsets.UTF_8));
    Given.artifact(bytes);
    var names = run.split("/", -1);
    QuarkusTransaction.requiringNew()
        .run(() -> {
          seals.begin(names[3], names[5], "step1");
          session.flush();
          // as after the last attempt of a job, long ago
          session
              .createNativeMutationQuery(
                  "delete from job where id in (select seal_job_id from checkpoint)")
              .executeUpdate();
        });
    assertThat(verifying.hex()).hasSize(64);
    given().get(run + "/checkpoints/step1").then().body("state", is("sealing"));
    given()
        .post(run + "/checkpoints/step1/seal")
        .then()
        .statusCode(200)
        .body("state", is("sealed"));
  }

  private static void draft(String run, String bytes) {
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"a\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(Sha256.of(bytes.getBytes(StandardCharsets.UTF_8)), bytes.length()))
        .statusCode(201);
  }

  private static void put(String label) {
    given()
        .contentType("application/json")
        .body("{\"checkpoint\":\"step1000\"}")
        .put(label)
        .then()
        .statusCode(200);
  }

  /** What the API tells, but for who may see it, which may change and is not sealed. */
  private static JsonNode api(String path) throws IOException {
    var body = given().get(path).then().statusCode(200).extract().asByteArray();
    return ((ObjectNode) JSON.readTree(body)).without("private");
  }

  private JsonNode document(JsonNode manifest, String pointer) throws IOException {
    var digest = manifest.at(pointer).asText();
    return exact(read(documentKey(digest), digest));
  }

  private static String documentKey(String digest) {
    return "documents/" + digest.substring(0, 2) + "/" + digest + ".json";
  }

  private JsonNode read(String key) throws IOException {
    var name = key.substring(key.lastIndexOf('/') + 1);
    return read(key, name.substring(0, name.indexOf('.')));
  }

  private JsonNode read(String key, String digest) throws IOException {
    var bytes = bytes(key);
    assertThat(Sha256.of(bytes).hex()).as(key).isEqualTo(digest);
    return JSON.readTree(bytes);
  }

  private byte[] bytes(String key) throws IOException {
    try (var stream = store.open(new ObjectKey(key))) {
      return stream.readAllBytes();
    }
  }

  private String onlyKey(String folder) {
    try (var objects = store.list(new ObjectKey(folder))) {
      return objects.map(ObjectInfo::key).map(ObjectKey::value).toList().getFirst();
    }
  }

  private static JsonNode exact(JsonNode document) {
    return exact(document, document.get("exactNumbers"));
  }

  /** The document with its exact numbers put back, as the page in docs says. */
  private static JsonNode exact(JsonNode document, JsonNode numbers) {
    for (var number : numbers.properties()) {
      var pointer = JsonPointer.compile(number.getKey());
      var parent = document.at(pointer.head());
      var value = new BigDecimal(number.getValue().asText());
      var exact =
          value.scale() <= 0
              ? JSON.getNodeFactory().numberNode(value.toBigInteger())
              : JSON.getNodeFactory().numberNode(value);
      if (parent instanceof ArrayNode array) {
        array.set(pointer.last().getMatchingIndex(), exact);
      } else {
        ((ObjectNode) parent).set(pointer.last().getMatchingProperty(), exact);
      }
    }
    return document;
  }

  /** Without what is null, as the API shows it, and through text, so that equal numbers are. */
  private static JsonNode whole(JsonNode node) throws IOException {
    var copy = node.deepCopy();
    strip(copy);
    return JSON.readTree(JSON.writeValueAsBytes(copy));
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    node.forEach(ManifestTest::strip);
  }
}
