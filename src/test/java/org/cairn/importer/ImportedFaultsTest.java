package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Faults that show only beside the catalogue, or that it makes itself of what it cannot have. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ImportedFaultsTest extends ImportCalls {

  private static String listing(int batch, long step) {
    return """
    {"batchSchedule": [{"fromStep": 0, "sequencesPerStep": %d, "sequenceLength": 8}],
     "checkpoints": [{"step": 10}, {"step": %d}]}
    """
        .formatted(batch, step);
  }

  @Test
  void aRunHasOneBatchSchedule() {
    imported("listing", Map.of("a.json", listing(2, 20)), ",\"run\":\"m\"");
    findings(imported("listing", Map.of("b.json", listing(4, 20)), ",\"run\":\"m\""))
        .body("items.class", contains("batch-schedule-differs"))
        .body("items[0].evidence.batchScheduleOfRun[0].sequencesPerStep", is(2))
        .body("items[0].evidence.batchScheduleOfFile[0].sequencesPerStep", is(4));
    given()
        .get("/v1/projects/" + project + "/runs/m/checkpoints/step20")
        .then()
        .body("tokens", is(320));
  }

  @Test
  void whatTheCatalogueCannotHaveIsToldAndTheRestIsThere() {
    var id = imported("listing", Map.of("m.json", listing(1_000, 9_000_000_000_000_000_000L)), "");
    the(id).body("state", is("succeeded"));
    findings(id)
        .body("items.class", hasItem("checkpoint-refused"))
        .body(
            "items.find { it.class == 'checkpoint-refused' }.evidence.reason",
            containsString("does not fit"));
    given().get("/v1/projects/" + project + "/runs/m/checkpoints/step10").then().statusCode(200);
    var launches =
        """
        {"runs": [
          {"run": "n/stage1-part1", "global_batch_tokens": 4000, "sequence_length": 4},
          {"run": "n/stage1-part2", "global_batch_tokens": 4000, "sequence_length": 4,
           "load_path": "https://example.org/n/step900000000000000000/", "load_trainer_state": true}]}
        """;
    var refused = imported("launches", Map.of("n.json", launches), "");
    the(refused).body("state", is("succeeded"));
    findings(refused)
        .body("items.class", contains("segment-refused"))
        .body("items[0].evidence.summary", containsString("does not fit"));
    given()
        .get("/v1/projects/" + project + "/runs/n/segments")
        .then()
        .body("items.name", contains("stage1-part1"));
  }

  @Test
  void filesOfDataThatAreListedTwiceAreTold() {
    var config =
        """
        global_train_batch_size: 8
        seed: 1
        model: {max_sequence_length: 8, init_fn: a}
        data:
          paths: [https://a.org/x/0.npy, https://a.org/x/1.npy, https://a.org/x/0.npy]
          betas: ["0.9", "0.9"]
        """;
    findings(imported("config", Map.of("c.yaml", config + "# " + project), ""))
        .body("items.class", contains("config-duplicate-data"))
        .body("items[0].evidence.files", is(3))
        .body("items[0].evidence.distinct", is(2))
        .body("items[0].evidence.repeated", contains("https://a.org/x/0.npy"));
  }

  @Test
  void evaluationsOfOneSettingHaveOneBatchAndATableSaysEachValueOnce() {
    var result =
        "{\"results\":{\"a\":{\"acc\":0.%d}},\"config\":{\"model_args\":\"pretrained=o/m,revision=step%d\",\"num_fewshot\":%d,\"batch_size\":%d}}";
    findings(
            imported(
                "evaluation",
                Map.of(
                    "1.json", result.formatted(1, 10, 0, 4),
                    "2.json", result.formatted(2, 20, 0, 16),
                    "3.json", result.formatted(3, 20, 5, 1)),
                ""))
        .body("items.class", contains("evaluation-batch-differs"))
        .body("items[0].evidence.setting", is("0-shot"))
        .body("items[0].evidence.batchSizes.batchSize", containsInAnyOrder("4", "16"));
    var table = "model,step,task,metric,value\nt,1,a,acc,0.5\nt,1,a,acc,0.50\nt,1,a,acc,0.6\n";
    findings(imported("evaluation", Map.of("t.csv", table), ""))
        .body("items.class", contains("duplicate-result-rows"))
        .body("items[0].evidence.linesWithTheSameValue", contains(3))
        .body("items[0].evidence.linesWithAnotherValue", contains(4));
  }
}
