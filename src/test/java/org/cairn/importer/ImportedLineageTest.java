package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Imports make runs of stages, with segments, parents and exact counts, in whichever order. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ImportedLineageTest extends ImportCalls {

  private static final String STAGE1 =
      """
      Step,Checkpoint Directory
      0,https://example.org/m/step0/
      1000,https://example.org/m/step1000/
      2000,https://example.org/m/step2000/
      """;

  private static final String STAGE2 =
      """
      Ingredient,Step,Checkpoint Directory
      1,100,https://example.org/m/stage2/ingredient1/step100/
      2,100,https://example.org/m/stage2/ingredient2/step100/
      soup,100,https://example.org/m/stage2/soup/step100-unsharded/
      """;

  /** Counted from step 2000, where its first row says step 1000 of the stage before. */
  private static final String TOKENS =
      """
      Stage,Step,Tokens Seen,Checkpoint Directory
      stage1_pre,1000,8000,https://example.org/t/step1000/
      stage1_pre,2000,16000,https://example.org/t/step2000/
      stage2_mid,100,16400,https://example.org/t/stage2/step100/
      stage2_mid,200,16800,https://example.org/t/stage2/step200/
      """;

  private static final String LAUNCHES =
      """
      {"runs": [
        {"run": "t/stage1", "global_batch_tokens": 8, "sequence_length": 2},
        {"run": "t/stage2", "global_batch_tokens": 4, "sequence_length": 2,
         "load_path": "https://other.org/elsewhere/step1000/", "load_optim_state": true},
        {"run": "t/stage3", "load_path": "gs://bucket/soup/step200"}]}
      """;

  private ValidatableResponse checkpoint(String run, String label) {
    return given()
        .get("/v1/projects/" + project + "/runs/" + run + "/checkpoints/" + label)
        .then()
        .statusCode(200);
  }

  private ValidatableResponse resolved(String run, String label) {
    return given()
        .queryParam("label", label)
        .queryParam("project", project)
        .queryParam("run", run)
        .get("/v1/resolve")
        .then()
        .statusCode(200);
  }

  private static String config(int batch, String more) {
    return "global_train_batch_size: %d\nseed: 1\nmodel: {max_sequence_length: 8, init_fn: a}\n%s\n"
        .formatted(batch, more);
  }

  @Test
  void theNameOfAFileSaysItsStage() {
    imported("manifest", Map.of("m.csv", STAGE1, "m-stage2.csv", STAGE2), "");
    checkpoint("m", "stage2-ingredient1-step100").body("stage", is("stage2"));
    checkpoint("m", "stage2-soup-step100")
        .body("kind", is("derived"))
        .body("weightsKind", is("averaged"));
    resolved("m", "stage2-ingredient2-step100-tokens1B")
        .body("matches.checkpoint", contains("stage2-ingredient2-step100"));
    resolved("m", "stage1-step1000").body("matches.checkpoint", contains("step1000"));
    resolved("m", "stage3-step1000").body("matches", empty());
    findingsOf("m").body("items.class", hasItem("merged-checkpoint"));
  }

  @Test
  void configurationsCountCheckpointsAlongTheirParentsInEitherOrder() {
    imported("manifest", Map.of("m.csv", STAGE1, "m-stage2.csv", STAGE2), "");
    checkpoint("m", "step2000").body("tokens", nullValue());
    imported("config", Map.of("m-stage1.yaml", config(4, "# " + project)), ",\"run\":\"m\"");
    checkpoint("m", "step2000").body("tokens", is(64_000)).body("sequences", is(8_000));
    var annealed = config(2, "load_path: https://example.org/m/step2000 # " + project);
    var more = ",\"run\":\"m\",\"options\":{\"branch\":\"ingredient1\"}";
    var id = imported("config", Map.of("m-stage2-seed1.yaml", annealed), more);
    changes(id).body("items.thing", containsInAnyOrder("configuration", "segment"));
    checkpoint("m", "stage2-ingredient1-step100")
        .body("segment", is("m-stage2-seed1"))
        .body("tokens", is(1_600))
        .body("totalTokens", is(65_600))
        .body("position", is(2_100));
    checkpoint("m", "stage2-ingredient2-step100").body("tokens", nullValue());
    given()
        .get("/v1/projects/" + project + "/runs/m/segments/m-stage2-seed1")
        .then()
        .body("parents[0].kind", is("fork"))
        .body("parents[0].resolved.label", is("step2000"));
    changes(imported("config", Map.of("m-stage2-seed1.yaml", annealed), more))
        .body("items", empty());
    // What is listed later is counted at once.
    imported("manifest", Map.of("m.csv", STAGE1 + "3000,https://example.org/m/step3000/\n"), "");
    checkpoint("m", "step3000").body("tokens", is(96_000));
  }

  @Test
  void launchesAreSegmentsAndTellWhereAStageBegan() {
    imported("manifest", Map.of("t.csv", TOKENS), "");
    var id = imported("launches", Map.of("launches.json", LAUNCHES), "");
    changes(id).body("items.name", contains("stage1", "stage2", "stage3"));
    findings(id)
        .body("items.class", containsInAnyOrder("wrong-parent-base", "unreachable-parent"))
        .body("items.find { it.class == 'wrong-parent-base' }.evidence.error", is(8_000))
        .body(
            "items.find { it.class == 'unreachable-parent' }.evidence.referencedBy",
            contains("t/stage3"));
    checkpoint("t", "stage2_mid-step100")
        .body("claimed.tokens", is(16_400))
        .body("tokens", is(400))
        .body("totalTokens", is(8_400));
    given()
        .get("/v1/projects/" + project + "/runs/t/segments/stage2")
        .then()
        .body("parents[0].loads.optimizer", is(true))
        .body("parents[0].note", startsWith("by its step: https://other.org"));
    resolved("t", "stage2-step100").body("matches.checkpoint", contains("stage2_mid-step100"));
    findingsOf("t").body("items.class", not(hasItem("counts-differ-from-schedule")));
    changes(imported("launches", Map.of("launches.json", LAUNCHES), "")).body("items", empty());
    // Counted from its parent after all.
    imported("manifest", Map.of("t.csv", TOKENS.replace("164", "84").replace("168", "88")), "");
    findingsOf("t").body("items.find { it.class == 'wrong-parent-base' }.status", is("fixed"));
  }

  @Test
  void whatLaunchesSaidIsKnownToAListingThatComesLater() {
    imported("launches", Map.of("launches.json", LAUNCHES), "");
    findings(imported("manifest", Map.of("t.csv", TOKENS), ""))
        .body("items.class", contains("wrong-parent-base"));
  }

  @Test
  void phasesAreSegmentsAndNamesOfWhatTheyHandOn() {
    var listing = "{\"checkpoints\": [{\"step\": 500}]}";
    imported("listing", Map.of("m.json", listing), "");
    var phases =
        """
        {"sequence_length": 4096, "batch_schedule": [{"start_step": 0, "sequences": 1024}],
         "phases": [
           {"name": "kestrel", "start_step": 0, "handoff_step_next": 1000, "weights_kind": "raw"},
           {"name": "ocelot", "start_step": 1000, "handoff_step_next": 2000,
            "init_from": "step-1000", "weights_kind": "ema"}]}
        """;
    imported("phases", Map.of("m.json", phases), "");
    checkpoint("m", "step500").body("tokens", is(2_097_152_000)).body("segment", is("kestrel"));
    checkpoint("m", "ocelot")
        .body("step", is(2_000))
        .body("weightsKind", is("ema"))
        .body("segment", is("ocelot"))
        .body("totalTokens", is(8_388_608_000L));
    given()
        .get("/v1/projects/" + project + "/runs/m/segments/ocelot")
        .then()
        .body("parents[0].kind", is("resume"))
        .body("parents[0].resolved.label", is("step1000"));
    changes(imported("phases", Map.of("m.json", phases), "")).body("items", empty());
  }
}
