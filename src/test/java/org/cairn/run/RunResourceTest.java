package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.patch;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.cairn.testsupport.Api.unique;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Locale;
import java.util.Map;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RunResourceTest {

  private static final String PYTHIA =
      """
      {"name":"%s","title":"Pythia 1.4B deduped","family":"pythia","status":"finished",
       "axes":{"size":"1.4b","seed":1234,"deduped":true,"lr":2.0e-4},
       "license":"Apache-2.0","citation":"arXiv 2304.01373",
       "batchSchedule":[{"fromStep":0,"sequencesPerStep":1024,"sequenceLength":2048}],
       "checkpointSchedule":[{"explicit":[0,1,2,4,8,16,32,64,128,256,512]},
                             {"every":1000,"from":1000,"to":143000}],
       "metadata":{"paper":{"pages":34}}}
      """;

  @Test
  void createsAndReads() {
    var project = Api.project();
    var runs = "/v1/projects/" + project + "/runs";
    var name = "pythia-1.4b-deduped";
    created(runs, PYTHIA.formatted(name)).header("Location", endsWith(runs + "/" + name));
    get("/v1/projects/" + project.toUpperCase(Locale.ROOT) + "/runs/PYTHIA-1.4B-DEDUPED")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v0\""))
        .body("project", is(project))
        .body("name", is(name))
        .body("family", is("pythia"))
        .body("status", is("finished"))
        .body("axes.seed", is(1234))
        .body("axes.deduped", is(true))
        .body("axes.size", is("1.4b"))
        .body("batchSchedule[0].sequencesPerStep", is(1024))
        .body("checkpointSchedule[0].explicit.size()", is(11))
        .body("checkpointSchedule[0].every", nullValue())
        .body("checkpointSchedule[1].to", is(143_000))
        .body("metadata.paper.pages", is(34));
    refused(post(runs, PYTHIA.formatted("Pythia-1.4B-deduped")), 409, "conflict");
  }

  @Test
  void aRunIsRunningUntilSomebodySaysOtherwise() {
    var run = Api.run();
    get(run).then().body("status", is("running")).body("family", nullValue());
    refused(patch(run, "", "{\"status\":\"finished\"}"), 428, "precondition-required");
    patch(run, "\"v0\"", "{\"status\":\"finished\",\"axes\":{\"seed\":1}}")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v1\""))
        .body("status", is("finished"));
    refused(patch(run, "\"v0\"", "{\"status\":\"running\"}"), 412, "precondition-failed");
    refused(patch(run, "\"v1\"", "{\"status\":\"lost\"}"), "status");
    refused(patch(run, "\"v1\"", "{\"name\":\"x\"}"), "name");
    refused(patch(run, "\"v1\"", "{\"axes\":{\"a\":[]}}"), "axes.a");
    get(run).then().body("axes.seed", is(1)).header("ETag", is("\"v1\""));
  }

  @Test
  void listsAFamilyNewestFirst() {
    var project = Api.project();
    for (int seed = 0; seed < 3; seed++) {
      created(
          "/v1/projects/" + project + "/runs",
          "{\"name\":\"seed-" + seed + "\",\"family\":\"multiberts\"}");
    }
    created("/v1/projects/" + project + "/runs", "{\"name\":\"other\",\"family\":\"x\"}");
    get("/v1/projects/" + project + "/runs?family=multiberts")
        .then()
        .statusCode(200)
        .body("items.name", contains("seed-2", "seed-1", "seed-0"))
        .body("nextPageToken", nullValue());
    var page = get("/v1/projects/" + project + "/runs?pageSize=3");
    page.then().body("items.name", contains("other", "seed-2", "seed-1"));
    get("/v1/projects/" + project + "/runs?pageSize=3&pageToken=" + page.path("nextPageToken"))
        .then()
        .body("items.name", contains("seed-0"));
    refused(get("/v1/projects/" + unique("nobody") + "/runs"), 404, "not-found");
    get("/v1/projects/" + project + "/runs?family=a%00b").then().statusCode(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"status\":\"done\"|status",
        "\"status\":1|status",
        "\"status\":\"FINISHED\"|status",
        "\"axes\":{\"a\":null}|axes.a",
        "\"axes\":{\"a\":{}}|axes.a",
        "\"axes\":{\"a\":1e999}|axes.a",
        "\"axes\":[]|axes",
        "\"batchSchedule\":[]|batchSchedule",
        "\"batchSchedule\":[null]|batchSchedule[0]",
        "\"batchSchedule\":[{\"fromStep\":0}]|batchSchedule[0].sequencesPerStep",
        "\"batchSchedule\":[{\"fromStep\":-1,\"sequencesPerStep\":1,\"sequenceLength\":1}]|batchSchedule[0].fromStep",
        "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":0,\"sequenceLength\":1}]|batchSchedule[0].sequencesPerStep",
        "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1,\"sequenceLength\":9223372036854775808}]|batchSchedule[0].sequenceLength",
        "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1.5,\"sequenceLength\":1}]|batchSchedule[0].sequencesPerStep",
        "\"batchSchedule\":[{\"fromStep\":\"0\",\"sequencesPerStep\":1,\"sequenceLength\":1}]|batchSchedule[0].fromStep",
        "\"batchSchedule\":[{\"fromStep\":5,\"sequencesPerStep\":1,\"sequenceLength\":1},{\"fromStep\":5,\"sequencesPerStep\":1,\"sequenceLength\":1}]|batchSchedule[1].fromStep",
        "\"checkpointSchedule\":[{}]|checkpointSchedule[0]",
        "\"checkpointSchedule\":[{\"every\":10,\"explicit\":[1]}]|checkpointSchedule[0]",
        "\"checkpointSchedule\":[{\"explicit\":[2,1]}]|checkpointSchedule[0].explicit[1]",
        "\"checkpointSchedule\":[{\"every\":0}]|checkpointSchedule[0].every",
        "\"checkpointSchedule\":[{\"every\":10,\"from\":20,\"to\":10}]|checkpointSchedule[0].to",
        "\"family\":\"\"|family",
        "\"metadata\":5|metadata",
        "\"unknown\":5|unknown"
      })
  void namesTheFieldThatIsWrong(String fields, String field) {
    var runs = "/v1/projects/" + Api.project() + "/runs";
    refused(post(runs, "{\"name\":\"r\"," + fields + "}"), field);
    get(runs).then().body("items.size()", is(0));
  }

  @Test
  void refusesNamesOutsideTheGrammarAndProjectsThatAreNotThere() {
    var runs = "/v1/projects/" + Api.project() + "/runs";
    refused(post(runs, "{\"name\":\"" + "x".repeat(97) + "\"}"), "name");
    refused(post(runs, "{\"name\":\"a--b\"}"), "name");
    refused(post("/v1/projects/nobody-here/runs", "{\"name\":\"r\"}"), 404, "not-found");
    refused(get(runs + "/nothing"), 404, "not-found");
    refused(get(runs + "/a%00b"), 404, "not-found");
    created(runs, "{\"name\":\"api\"}"); // only projects have reserved names
  }

  @Test
  void answersARepeatedRequestOnce() {
    var runs = "/v1/projects/" + Api.project() + "/runs";
    var key = Map.of("Idempotency-Key", "one");
    var body = PYTHIA.formatted("p");
    var first = post(runs, body, key);
    first.then().statusCode(201);
    var again = post(runs, body, key);
    again.then().statusCode(201);
    assertThat(again.<Object>path("")).isEqualTo(first.path(""));
    refused(post(runs, PYTHIA.formatted("q"), key), 409, "idempotency-mismatch");
    // another project, another key space
    created("/v1/projects/" + Api.project() + "/runs", body);
  }

  @Test
  void keepsTheScheduleThatCountsRestOn() {
    var run =
        Api.run(
            Api.project(),
            "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1,\"sequenceLength\":1}]");
    patch(run, "*", schedule(0, 2)).then().statusCode(200); // nothing rests on it yet
    created(run + "/segments", "{\"name\":\"s\",\"startStep\":1000}");
    refused(patch(run, "*", schedule(0, 3)), 409, "conflict");
    patch(
            run,
            "*",
            "{\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":2,\"sequenceLength\":1},"
                + "{\"fromStep\":1000,\"sequencesPerStep\":9,\"sequenceLength\":1}]}")
        .then()
        .statusCode(200);
    patch(run, "*", schedule(0, 2)).then().statusCode(200);
  }

  private static String schedule(long from, long sequences) {
    return "{\"batchSchedule\":[{\"fromStep\":"
        + from
        + ",\"sequencesPerStep\":"
        + sequences
        + ",\"sequenceLength\":1}]}";
  }
}
