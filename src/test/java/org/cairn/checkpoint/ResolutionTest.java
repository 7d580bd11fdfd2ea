package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Any name of a checkpoint leads to it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ResolutionTest {

  private String project;
  private String run;
  private String folder;

  @BeforeEach
  void aRunOfTwoStages() {
    project = Given.project();
    run = Given.run(project, "olmo", "");
    folder =
        "https://olmo-checkpoints.org/" + project + "/stage2/x_ingredient3/step11931-unsharded/";
    register("{\"stage\":\"stage1\",\"step\":11931,\"tokens\":50040143872}");
    register(
        """
        {"stage":"stage2","branch":"ingredient3","step":11931,"tokens":50040143872,
         "label":"stage2-ingredient3-step11931-tokens51B","labels":["%s","soup-%s"]}
        """
            .formatted(folder, project));
    register("{\"stage\":\"stage2\",\"branch\":\"ingredient2\",\"step\":11931}");
  }

  private void register(String json) {
    Given.post(run + "/checkpoints", json).statusCode(201);
  }

  private static ValidatableResponse resolve(Object... parameters) {
    var request = given();
    for (int i = 0; i < parameters.length; i += 2) {
      request.queryParam((String) parameters[i], parameters[i + 1]);
    }
    return request.get("/v1/resolve").then();
  }

  @Test
  void anAddressIsFoundInAllRunsWithWhatItSays() {
    resolve("label", folder)
        .statusCode(200)
        .body("label", is(folder))
        .body("says.grammar", is("other"))
        .body("says.stage", is("stage2"))
        .body("says.branch", is("ingredient3"))
        .body("says.step", is(11931))
        .body("says.counts", is("updates"))
        .body("matches", hasSize(1))
        .body("matches[0].project", is(project))
        .body("matches[0].run", is("olmo"))
        .body("matches[0].checkpoint", is("stage2-ingredient3-step11931-tokens51B"))
        .body("matches[0].how", is("label"))
        .body("matches[0].tokens", is(50040143872L))
        .body("nextPageToken", nullValue());
  }

  @Test
  void theRepositoryInALabelIsTheRunThatIsMeant() {
    resolve("label", project + "/olmo@stage2-ingredient3-step11931")
        .statusCode(200)
        .body("says.repository", is(project + "/olmo"))
        .body("matches.checkpoint", contains("stage2-ingredient3-step11931-tokens51B"))
        .body("matches.how", contains("spelling"));
    resolve("label", "https://huggingface.co/" + project + "/olmo/tree/soup-" + project)
        .body("matches.checkpoint", contains("stage2-ingredient3-step11931-tokens51B"))
        .body("matches.how", contains("label"));
    resolve("label", project + "/absent@step1").statusCode(200).body("matches", empty());
  }

  @Test
  void whatALabelSaysIsLookedForInTheRun() {
    resolve("label", "global_step11931", "project", project, "run", "olmo")
        .statusCode(200)
        .body("matches.branch", contains("", "ingredient2", "ingredient3"))
        .body("matches.how", contains("spelling", "spelling", "spelling"));
    resolve("label", "stage2-ingredient3-step11931-tokens50B", "project", project, "run", "olmo")
        .body("matches", hasSize(1))
        .body("matches[0].rounding", contains("floor", "nearest"));
    resolve("label", "stage2-ingredient3-step11931-tokens60B", "project", project, "run", "olmo")
        .body("says.tokens.tokens", is(60_000_000_000L))
        .body("says.tokens.unit", is(1_000_000_000))
        .body("matches", empty());
    resolve("label", "latest", "project", project, "run", "olmo")
        .body("says", nullValue())
        .body("matches.how", contains("computed"));
    resolve("label", "deeper-starling", "project", project, "run", "olmo")
        .body("says", nullValue())
        .body("matches", empty());
    resolve("label", "step11931+11000", "project", project, "run", "olmo")
        .body("says.mergedSteps", contains(11931, 11000))
        .body("matches", empty());
  }

  @Test
  void whereALabelMovedBothAreTold() {
    var label = "best-" + project;
    for (var to : new String[] {"stage1-step11931", "stage2-ingredient3-step11931-tokens51B"}) {
      given()
          .contentType(ContentType.JSON)
          .body("{\"checkpoint\":\"" + to + "\"}")
          .put(run + "/labels/" + label)
          .then()
          .statusCode(200);
    }
    var matches = resolve("label", label).statusCode(200).body("matches", hasSize(2));
    matches
        .body("matches.find { it.how == 'label' }.stage", is("stage2"))
        .body("matches.find { it.how == 'former-label' }.stage", is("stage1"))
        .body("matches.find { it.how == 'former-label' }.retiredAt", notNullValue());
  }

  @Test
  void aLabelOfManyRunsComesInPages() {
    var label = "shared-" + project;
    for (int i = 0; i < 5; i++) {
      var other = Given.run(project, "r" + i, "");
      Given.post(other + "/checkpoints", "{\"step\":1,\"labels\":[\"%s\"]}".formatted(label))
          .statusCode(201);
    }
    var runs = new ArrayList<String>();
    String token = null;
    do {
      var page =
          token == null
              ? resolve("label", label, "pageSize", 2)
              : resolve("label", label, "pageSize", 2, "pageToken", token);
      var json = page.statusCode(200).extract().jsonPath();
      runs.addAll(json.getList("matches.run"));
      token = json.getString("nextPageToken");
    } while (token != null);
    assertThat(runs).containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "r4");
  }

  @Test
  void badQuestionsAreRefused() {
    Api.refused(given().get("/v1/resolve"), "label");
    Api.refused(given().queryParam("label", "").get("/v1/resolve"), "label");
    Api.refused(given().queryParam("label", "x".repeat(513)).get("/v1/resolve"), "label");
    Api.refused(given().queryParam("label", "a\0b").get("/v1/resolve"), "label");
    Api.refused(
        given().queryParam("label", "a").queryParam("run", "b").get("/v1/resolve"), "project");
    Api.refused(
        given().queryParam("label", "a").queryParam("pageToken", "b").get("/v1/resolve"),
        "pageToken");
    resolve("label", "a", "project", project, "run", "absent").statusCode(404);
  }
}
