package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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
