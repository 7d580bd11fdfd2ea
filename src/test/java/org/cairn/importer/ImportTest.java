package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** What a release says of itself, read into the catalogue. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ImportTest extends ImportCalls {

  private static final String MANIFEST =
      """
      Step,Checkpoint Directory
      1000,https://example.org/run/step1000-unsharded/
      2000,https://example.org/run/step2000-unsharded/
      3000,https://example.org/run/step3000-unsharded/
      4000,https://example.org/run/step4000-unsharded/
      5000,https://example.org/run/step5500-unsharded/
      """;

  @Test
  void aDryRunTellsAndChangesNothing() {
    var id = imported("manifest", Map.of("a/alpha.csv", MANIFEST), ",\"dryRun\":true");
    the(id)
        .body("state", is("succeeded"))
        .body("dryRun", is(true))
        .body("changes", is(6))
        .body("findings", is(1));
    changes(id)
        .body("items.kind.unique()", contains("appeared"))
        .body("items[0].thing", is("run"))
        .body("items[1].name", is("step1000"))
        .body(
            "items[1].detail.after.addresses",
            contains("https://example.org/run/step1000-unsharded/"));
    findings(id)
        .body("items", hasSize(1))
        .body("items[0].class", is("step-uri-mismatch"))
        .body("items[0].run", is("alpha"))
        .body("items[0].evidence.rows[0].line", is(6))
        .body("items[0].evidence.rows[0].stepOfAddress", is(5500));
    given().get("/v1/projects/" + project + "/runs/alpha").then().statusCode(404);
  }

  @Test
  void anImportCataloguesAndDoingItAgainChangesNothing() {
    var first = imported("manifest", Map.of("alpha.csv", MANIFEST), "");
    the(first).body("state", is("succeeded")).body("changes", is(6));
    var run = "/v1/projects/" + project + "/runs/alpha";
    given()
        .get(run + "/checkpoints")
        .then()
        .statusCode(200)
        .body("items.label", contains("step1000", "step2000", "step3000", "step4000", "step5000"))
        .body("items[0].state", is("draft"));
    given()
        .queryParam("label", "https://example.org/run/step2000-unsharded/")
        .get("/v1/resolve")
        .then()
        .statusCode(200)
        .body("matches.checkpoint", hasItems("step2000"));
    var found =
        findingsOf("alpha")
            .body("items.class", contains("step-uri-mismatch"))
            .extract()
            .<String>path("items[0].updatedAt");
    var second = imported("manifest", Map.of("alpha.csv", MANIFEST), "");
    the(second).body("state", is("succeeded")).body("changes", is(0)).body("findings", is(1));
    findingsOf("alpha").body("items", hasSize(1)).body("items[0].updatedAt", equalTo(found));
  }

  @Test
  void aNewerListingTellsWhatMovedAppearedAndVanished() {
    imported("manifest", Map.of("v1/alpha.csv", MANIFEST), "");
    var newer =
        MANIFEST
            .replace("2000,https://example.org/run/step2000-unsharded/\n", "")
            .replace("step5500", "step5000")
            .replace("run/step3000", "elsewhere/step3000")
            .concat("6000,https://example.org/run/step6000-unsharded/\n");
    var id = imported("manifest", Map.of("v2/alpha.csv", newer), "");
    changes(id)
        .body(
            "items.collect { it.kind + ' ' + it.name }",
            containsInAnyOrder(
                "moved step3000", "moved step5000", "appeared step6000", "vanished step2000"));
    // Of two folders, since a checkpoint is elsewhere now.
    findings(id).body("items.class", containsInAnyOrder("run-segments", "schedule-gap"));
    given()
        .get("/v1/projects/" + project + "/runs/alpha/checkpoints/step2000")
        .then()
        .statusCode(200);
  }

  @Test
  void whatTheSameFilesHaveNoMoreIsFixed() {
    imported("manifest", Map.of("v1/alpha.csv", MANIFEST), "");
    findingsOf("alpha").body("items.status", contains("open"));
    imported("manifest", Map.of("v2/alpha.csv", MANIFEST.replace("step5500", "step5000")), "");
    findingsOf("alpha").body("items.status", contains("fixed"));
  }

  @Test
  void aManifestOfAnotherRunIsTold() {
    var own = MANIFEST.replace("/run/", "/own/").replace("step5500", "step5000");
    imported("manifest", Map.of("alpha.csv", MANIFEST.replace("step5500", "step5000")), "");
    imported("manifest", Map.of("beta.csv", own), "");
    var wrong = MANIFEST.replace("step5500", "step5000");
    for (int i = 0; i < 2; i++) {
      findings(imported("manifest", Map.of("new/beta.csv", wrong), ""))
          .body("items.class", hasItems("wrong-run-manifest"))
          .body("items[0].evidence.otherRun", is("alpha"))
          .body("items[0].evidence.sharedWithOtherRun", is(5))
          .body("items[0].evidence.addressesOfOtherRun", is(5))
          .body("items[0].evidence.sharedWithRun", is(0))
          .body("items[0].evidence.addressesOfRun", is(5));
    }
  }

  @Test
  void configurationsAreKeptAndDanglingParentsFoundInEitherOrder() {
    var config =
        """
        global_train_batch_size: 1024
        seed: 42
        load_path: https://example.org/run/step4646-unsharded
        tokenizer:
          identifier: /home/somebody/tokenizer.json
        model:
          max_sequence_length: 4096
          init_fn: normal
        """;
    var straight = MANIFEST.replace("step5500", "step5000");
    imported("manifest", Map.of("alpha.csv", straight), "");
    var id =
        imported(
            "config",
            Map.of("stage2.yaml", config, "broken.yaml", "a: [1\nb: }"),
            ",\"run\":\"alpha2\"");
    the(id).body("state", is("succeeded"));
    findings(id)
        .body(
            "items.class",
            containsInAnyOrder("dangling-parent", "private-address", "config-unparsable"))
        .body("items.find { it.class == 'dangling-parent' }.run", is("alpha"))
        .body("items.find { it.class == 'dangling-parent' }.evidence.referencedStep", is(4646))
        .body("items.find { it.class == 'dangling-parent' }.evidence.lastListed", is(5000));
    given()
        .get("/v1/projects/" + project + "/configurations")
        .then()
        .body("items.name", containsInAnyOrder("stage2.yaml", "broken.yaml"));
    // The parent is published after all.
    imported(
        "manifest",
        Map.of("alpha.csv", straight + "4646,https://example.org/run/step4646-unsharded/\n"),
        "");
    findingsOf("alpha").body("items.find { it.class == 'dangling-parent' }.status", is("fixed"));
  }

  @Test
  void anImportOfOneConfigurationTellsHowTheRunWasTrained() {
    var config =
        "train_iters: 10\nwarmup: 0.01\nseed: 1\ninit_method: a\noutput_layer_init_method: b\n";
    imported("config", Map.of("one.yml", config + "# " + project), "");
    imported(
        "config", Map.of("two.yml", config.replace("seed: 1", "seed: 2") + "# " + project), "");
    given()
        .queryParam("left", project + "/one")
        .queryParam("right", project + "/two")
        .get("/v1/diff")
        .then()
        .statusCode(200)
        .body("factors.name", contains("seed"));
  }

  @Test
  void equalResultsAreExplainedByTheWarmUpOfTheConfiguration() {
    var zero = results("step0", 0.1);
    var one = results("step1", 0.1).replace("step0", "step1");
    var id =
        imported(
            "evaluation", Map.of("a_step0.json", zero, "a_step1.json", one), ",\"run\":\"neox\"");
    the(id).body("failure", is((String) null)).body("changes", is(3));
    findings(id).body("items.class", contains("duplicate-results"));
    var config =
        "train_iters: 10\nwarmup: 0.01\nseed: 1\ninit_method: a\noutput_layer_init_method: b\n";
    var later =
        imported("config", Map.of("neox.yml", config + "# " + project), ",\"run\":\"neox\"");
    findings(later).body("items.class", contains("duplicate-content-explained"));
    given()
        .get("/v1/projects/" + project + "/runs/neox/evaluations")
        .then()
        .statusCode(200)
        .body("items.step", contains(0, 1))
        .body("items[0].values['a/acc']", is(0.1f));
    the(imported(
            "evaluation", Map.of("a_step0.json", zero, "a_step1.json", one), ",\"run\":\"neox\""))
        .body("changes", is(0));
  }

  @Test
  void evaluationsThatWereRunWithOtherBatchesAreTold() {
    evaluated("control", "step1000 4", "step2000 4", "step3000 4", "step3000 16", "step4000 4");
    evaluated("intervention", "step1000 4", "step2000 16", "step3000 16", "step5000 16");
    difference("control", "intervention")
        .body("verdict", is("unknown"))
        .body("notCompared.aspect", contains("segments"))
        .body("factors", hasSize(1))
        .body("factors[0].name", is("evaluation"))
        .body("factors[0].declared", is(false))
        .body("factors[0].shapesTraining", is(false))
        .body("factors[0].differences", is(1))
        .body("differences", hasSize(1))
        .body("differences[0].aspect", is("evaluation"))
        .body("differences[0].key", is("0-shot.batchSize"))
        .body("differences[0]", not(hasKey("leftSegment")))
        .body("differences[0].left.batchSize", contains("4", "16"))
        .body("differences[0].left.steps", contains(List.of(2000, 3000), List.of(3000)))
        .body("differences[0].right.batchSize", contains("16"))
        .body("differences[0].right.steps", contains(List.of(2000, 3000)));
    difference("control", "intervention", "factor", "evaluation")
        .body("factors[0].declared", is(true));
    difference("control", "control").body("differences", empty());
    evaluated("apart", "step7000 8");
    difference("control", "apart")
        .body("differences[0].left.steps", contains(List.of(1000, 2000, 3000, 4000), List.of(3000)))
        .body("differences[0].right.steps", contains(List.of(7000)));
    Given.run(project, "unevaluated", "");
    difference("control", "unevaluated").body("differences", empty());
  }

  @Test
  void evaluationsChangeNoVerdictAndAreOfWholeRuns() throws Exception {
    evaluated("left", "step1000 4");
    evaluated("right", "step1000 16");
    for (var run : List.of("left", "right")) {
      String configuration =
          Given.post(
                  "/v1/projects/" + project + "/configurations",
                  "{\"name\":\"%s.yaml\",\"raw\":\"%s\"}"
                      .formatted(run, Given.artifact("seed: 1\n# " + project)))
              .statusCode(201)
              .extract()
              .path("id");
      Given.post(
              "/v1/projects/" + project + "/runs/" + run + "/segments",
              "{\"name\":\"main\",\"configuration\":\"%s\"}".formatted(configuration))
          .statusCode(201);
    }
    difference("left", "right")
        .body("verdict", is("equal"))
        .body("differences.factor", contains("evaluation"));
    difference("left", "right", "leftSegment", "main", "rightSegment", "main")
        .body("verdict", is("equal"))
        .body("differences", empty());
  }

  private ValidatableResponse difference(String left, String right, String... parameters) {
    var request =
        given().queryParam("left", project + "/" + left).queryParam("right", project + "/" + right);
    for (int i = 0; i < parameters.length; i += 2) {
      request.queryParam(parameters[i], parameters[i + 1]);
    }
    return request.get("/v1/diff").then().statusCode(200);
  }

  /** A run with an evaluation of each step with the batch size that follows it. */
  private void evaluated(String run, String... evaluations) {
    var files = new HashMap<String, String>();
    for (int i = 0; i < evaluations.length; i++) {
      var said = evaluations[i].split(" ", 2);
      files.put(
          run + i + ".json",
          results(said[0], i).replace("\"batch_size\":4", "\"batch_size\":" + said[1]));
    }
    the(imported("evaluation", files, ",\"run\":\"" + run + "\"")).body("state", is("succeeded"));
  }

  private static String results(String revision, double value) {
    var tasks =
        LongStream.range(0, 6)
            .mapToObj(i -> "\"%c\":{\"acc\":%s}".formatted('a' + (int) i, value + i))
            .collect(Collectors.joining(","));
    return "{\"results\":{%s},\"config\":{\"model_args\":\"pretrained=o/m,revision=%s\",\"num_fewshot\":0,\"batch_size\":4}}"
        .formatted(tasks, revision);
  }

  @Test
  void aSeriesIsSeveralRuns() {
    var text =
        """
        Seed,Step,hf_repo
        0,1000,google/multiberts-seed_0-step_1k
        1,1000,google/multiberts-seed_1-step_1k
        """;
    var id = imported("manifest", Map.of("multiberts.csv", text), ",\"run\":\"bert\"");
    the(id).body("state", is("succeeded"));
    given()
        .get("/v1/projects/" + project + "/runs")
        .then()
        .body("items.name", containsInAnyOrder("bert-seed0", "bert-seed1"));
  }

  @Test
  void aFileOfAnotherFormFailsTheImportAndChangesNothing() {
    var id = imported("manifest", Map.of("alpha.csv", "a,b\n1,2\n"), "");
    the(id)
        .body("state", is("failed"))
        .body("failure", is("alpha.csv has no column Step in its first line"));
    changes(id).body("items", empty());
    given().get("/v1/projects/" + project + "/runs/alpha").then().statusCode(404);
  }

  @Test
  void whatIsAskedForInVainIsRefused() {
    Given.post("/v1/imports", "{\"form\":\"manifest\",\"project\":\"" + project + "\"}")
        .statusCode(400)
        .body("violations[0].field", is("files"));
    Given.post("/v1/imports", "{\"form\":\"hub\",\"project\":\"" + project + "\"}")
        .statusCode(400)
        .body("violations[0].field", is("options.repository"));
    Given.post("/v1/imports", "{\"form\":\"nonsense\",\"project\":\"" + project + "\"}")
        .statusCode(400);
    Given.post(
            "/v1/imports",
            "{\"form\":\"manifest\",\"project\":\"%s\",\"files\":[{\"name\":\"a.csv\",\"sha256\":\"%s\"}]}"
                .formatted(project, "0".repeat(64)))
        .statusCode(400)
        .body("violations[0].field", containsString("sha256"));
    Given.post(
            "/v1/imports",
            "{\"form\":\"manifest\",\"project\":\"nobody\",\"files\":[{\"name\":\"a\",\"sha256\":\"%s\"}]}"
                .formatted("0".repeat(64)))
        .statusCode(404);
    given().get("/v1/imports/00000000-0000-0000-0000-000000000000").then().statusCode(404);
  }

  @Test
  void phasesSayTheScheduleOfTheirRun() {
    var phases =
        """
        {"sequence_length": 4096, "batch_schedule": [{"start_step": 0, "sequences": 1024}],
         "phases": [{"name": "a", "start_step": 0, "handoff_step_next": 1000,
                     "model_card_tokens": 6.0e9}]}
        """;
    findings(imported("phases", Map.of("m.json", phases), ""))
        .body("items.class", contains("claimed-tokens-differ"));
    given()
        .get("/v1/projects/" + project + "/runs/m/checkpoints/step1000")
        .then()
        .statusCode(200)
        .body("tokens", is(4_194_304_000L));
  }

  @Test
  void manyLinesAreImportedInTime() {
    var text = new StringBuilder("Step,Checkpoint Directory\n");
    for (int i = 1; i <= 3_000; i++) {
      text.append(i * 1000L)
          .append(",https://example.org/many/step")
          .append(i * 1000L)
          .append("/\n");
    }
    var id = imported("manifest", Map.of("many.csv", text.toString()), "");
    the(id).body("state", is("succeeded")).body("changes", is(3_001)).body("findings", is(0));
    var next = given().get("/v1/imports/" + id + "/changes?pageSize=1000").then().extract();
    assertThat(next.<String>path("nextPageToken")).isNotNull();
  }
}
