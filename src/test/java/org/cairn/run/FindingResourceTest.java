package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.patch;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class FindingResourceTest {

  @Inject FindingService findings;
  @Inject RunService runs;
  @Inject CheckpointLookup checkpoints;

  @Test
  void keepsTheStatusOfAFaultThatIsSeenAgain() {
    var run = Api.run();
    var runId = id(run);
    created(run + "/checkpoints", "{\"step\":1}");
    var checkpoint = checkpoints.find(runId, "step1").orElseThrow().id();
    findings.record(runId, checkpoint, "duplicate-weights", "step0 step1", evidence(1));
    get(run + "/findings")
        .then()
        .body("items[0].checkpoint", is("step1"))
        .body("items[0].evidence.n", is(1));
    var path = run + "/findings/" + get(run + "/findings").path("items[0].id");
    patch(
            path,
            "\"v0\"",
            "{\"status\":\"explained\",\"explanation\":\"learning rate 0\",\"explanationEvidence\":{\"rows\":1}}")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v1\""));
    findings.record(runId, checkpoint, "duplicate-weights", "step0 step1", evidence(1));
    get(path).then().header("ETag", is("\"v1\"")).body("status", is("explained"));
    findings.record(runId, null, "duplicate-weights", "step0 step1", evidence(2));
    get(path)
        .then()
        .header("ETag", is("\"v2\""))
        .body("status", is("explained"))
        .body("explanation", is("learning rate 0"))
        .body("explanationEvidence.rows", is(1))
        .body("checkpoint", nullValue())
        .body("evidence.n", is(2));
  }

  @Test
  void whatIsSeenAgainIsOpenAgain() {
    var run = Api.run();
    findings.record(id(run), null, "c", "s", evidence(1));
    var path = run + "/findings/" + get(run + "/findings").path("items[0].id");
    patch(path, "*", "{\"status\":\"fixed\"}").then().statusCode(200);
    findings.record(id(run), null, "c", "s", evidence(1));
    get(path).then().body("status", is("open")).body("explanation", nullValue());
    findings.settle(id(run), List.of("c"), List.of());
    get(path).then().body("status", is("fixed"));
    findings.settle(id(run), List.of("c"), List.of(new NewFinding(null, "c", "s", evidence(2))));
    get(path).then().body("status", is("open")).body("evidence.n", is(2));
  }

  @Test
  void whatTheRegistryExplainsPeopleMayOpenAgain() {
    var run = Api.run();
    findings.record(id(run), null, "c", "s", evidence(1));
    var explained =
        List.of(new NewFinding(null, "c", "s", evidence(1), new Explanation("why", evidence(7))));
    findings.recordAll(id(run), explained);
    var path = run + "/findings/" + get(run + "/findings").path("items[0].id");
    get(path)
        .then()
        .body("status", is("explained"))
        .body("explanation", is("why"))
        .body("explanationEvidence.n", is(7));
    patch(path, "*", "{\"status\":\"open\"}").then().statusCode(200);
    findings.recordAll(id(run), explained);
    get(path).then().body("status", is("open"));
  }

  @Test
  void needsAnExplanationToExplain() {
    var run = Api.run();
    findings.record(id(run), null, "c", "s", evidence(1));
    var path = run + "/findings/" + get(run + "/findings").path("items[0].id");
    refused(patch(path, "*", "{\"status\":\"explained\"}"), "explanation");
    refused(patch(path, "*", "{\"status\":\"explained\",\"explanation\":\" \"}"), "explanation");
    refused(patch(path, "", "{\"status\":\"fixed\"}"), 428, "precondition-required");
    refused(patch(path, "\"v7\"", "{\"status\":\"fixed\"}"), 412, "precondition-failed");
    refused(patch(path, "*", "{\"status\":\"gone\"}"), "status");
    patch(path, "*", "{\"status\":\"fixed\"}").then().statusCode(200);
    patch(path, "*", "{\"status\":\"explained\",\"explanation\":\"why\"}").then().statusCode(200);
    refused(patch(path, "*", "{\"explanation\":\"\"}"), "explanation");
    get(path).then().body("explanation", is("why"));
    refused(get(run + "/findings/" + UUID.randomUUID()), 404, "not-found");
    refused(get(Api.run() + path.substring(path.indexOf("/findings"))), 404, "not-found");
  }

  @Test
  void recordsManyAtOnceAndListsThemByClassAndStatus() {
    var run = Api.run();
    var many = new ArrayList<NewFinding>();
    for (int i = 0; i < 2_000; i++) {
      many.add(new NewFinding(null, i % 2 == 0 ? "even" : "odd", "subject " + i, evidence(i)));
    }
    many.add(new NewFinding(null, "odd", "subject 1", evidence(-1))); // the later one counts
    findings.recordAll(id(run), many);
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page =
          get(
              run
                  + "/findings?class=odd&status=open&pageSize=300"
                  + (token.isEmpty() ? "" : "&pageToken=" + token));
      page.then().statusCode(200);
      seen.addAll(page.<List<String>>path("items.subject"));
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen).hasSize(1_000).doesNotHaveDuplicates();
    get(run + "/findings?status=fixed").then().body("items.size()", is(0));
    refused(get(run + "/findings?status=closed"), "status");
    get(run + "/findings?class=%00").then().statusCode(400);
    findings.recordAll(id(run), List.of());
    var first = Api.run();
    findings.record(id(first), null, "c", "s", evidence(9_007_199_254_740_993L));
    assertThat(get(first + "/findings").asString()).contains("9007199254740993");
    get(first + "/findings").then().body("items.class", contains("c"));
  }

  private UUID id(String run) {
    var names = run.split("/", -1);
    return runs.ref(names[3], names[5]).id();
  }

  private static JsonNode evidence(long n) {
    return JsonNodeFactory.instance.objectNode().put("n", n);
  }
}
