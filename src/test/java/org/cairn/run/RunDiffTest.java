package org.cairn.run;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In what two runs differ, and whether they say so. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RunDiffTest {

  private static final String OLMO =
      """
      run_name: OLMo2-stage2-seed%1$d
      seed: %1$d
      optimizer:
        learning_rate: %2$s
        eps: 1e-8
      load_path: https://olmo-checkpoints.org/ai2-llm/peteish7/step928646-unsharded
      data:
        paths:
        - a.npy
      """;

  private String project;

  @BeforeEach
  void aProject() {
    project = Given.project();
  }

  private String configuration(String raw) throws Exception {
    var digest = Given.artifact(raw + "# " + project + "\n");
    return Given.post(
            "/v1/projects/" + project + "/configurations",
            "{\"name\":\"config.yaml\",\"raw\":\"%s\"}".formatted(digest))
        .statusCode(201)
        .extract()
        .path("id");
  }

  private void run(String name, String fields, String... segments) {
    var run = Given.run(project, name, fields);
    for (var segment : segments) {
      Given.post(run + "/segments", segment).statusCode(201);
    }
  }

  private static String main(String configuration, String more) {
    return "{\"name\":\"main\",\"configuration\":\"%s\"%s}".formatted(configuration, more);
  }

  private ValidatableResponse diff(String left, String right, String... parameters) {
    var request =
        given().queryParam("left", project + "/" + left).queryParam("right", project + "/" + right);
    for (int i = 0; i < parameters.length; i += 2) {
      request.queryParam(parameters[i], parameters[i + 1]);
    }
    return request.get("/v1/diff").then();
  }

  @Test
  void runsThatDifferByTheirSeedSayItOrNot() throws Exception {
    run("a", "\"axes\":{\"seed\":42}", main(configuration(OLMO.formatted(42, "0.1")), ""));
    run("b", "\"axes\":{\"seed\":666}", main(configuration(OLMO.formatted(666, "1e-1")), ""));
    run("silent", "\"axes\":{\"seed\":42}", main(configuration(OLMO.formatted(42069, "0.1")), ""));
    run("other", "\"axes\":{\"seed\":1}", main(configuration(OLMO.formatted(1, "0.2")), ""));

    diff("a", "b")
        .statusCode(200)
        .body("verdict", is("as-declared"))
        .body("left.segments", contains("main"))
        .body("axes.axis", contains("seed"))
        .body("axes.left", contains(42))
        .body("differences.key", contains("run_name", "seed"))
        .body("differences.factor", contains("bookkeeping", "seed"))
        .body("differences.left", contains("OLMo2-stage2-seed42", 42))
        .body("differences.right", contains("OLMo2-stage2-seed666", 666))
        .body("factors.name", contains("bookkeeping", "seed"))
        .body("factors.shapesTraining", contains(false, true))
        .body("factors.declared", contains(false, true))
        .body("notCompared.aspect", hasItems("code", "environment", "hardware"))
        .body("truncated", is(false));
    diff("a", "silent").body("verdict", is("not-as-declared")).body("axes", empty());
    diff("a", "silent", "factor", "seed").body("verdict", is("as-declared"));
    diff("a", "other")
        .body("verdict", is("not-as-declared"))
        .body("factors.findAll { it.shapesTraining && !it.declared }.name", contains("optimizer"));
    diff("a", "other", "factor", "optimizer").body("verdict", is("as-declared"));
    diff("a", "a").body("verdict", is("equal")).body("differences", empty());
  }

  @Test
  void keysOfNeoxAreReadHoweverTheyAreSpelt() throws Exception {
    var pile = "{ \"train-data-paths\": [\"/fsx/pile\"], \"train-iters\": 5, }";
    var deduped = "{ \"train_data_paths\": [\"/fsx/pile_deduped\"], \"train_iters\": 5, }";
    run("pile", "\"axes\":{\"data\":\"pile\"}", main(configuration(pile), ""));
    run("deduped", "\"axes\":{\"data\":\"pile-deduped\"}", main(configuration(deduped), ""));
    diff("pile", "deduped")
        .body("verdict", is("as-declared"))
        .body("differences.key", contains("train_data_paths"))
        .body("differences.factor", contains("data"));
  }

  @Test
  void whatIsNotKnownIsNoPass() throws Exception {
    var good = configuration("seed: 1\n");
    run("good", "", main(good, ",\"seeds\":{\"init\":1}"));
    run("broken", "", main(configuration("{ \"a\": [1, 2\n"), ""));
    run("none", "", "{\"name\":\"main\"}");
    run("silent", "", main(good, ""));
    diff("good", "broken")
        .body("verdict", is("unknown"))
        .body(
            "notCompared.find { it.aspect == 'configuration' }.reason",
            containsString("the configuration of right cannot be read: "));
    diff("none", "good")
        .body("verdict", is("unknown"))
        .body(
            "notCompared.find { it.aspect == 'configuration' }.reason",
            is("left does not tell it"));
    diff("good", "silent")
        .body("verdict", is("unknown"))
        .body("notCompared.find { it.aspect == 'seeds' }.reason", is("right does not tell it"));
    diff("none", "none").body("verdict", is("unknown"));
  }

  @Test
  void allThatASegmentTellsIsCompared() throws Exception {
    var same = configuration("model: {n_layers: 2}\n");
    var one =
        """
        ,"seeds":{"init":1},"argv":["train.py","--lr","0.1","--seed=3"],"worldSize":8,
        "code":{"repository":"r","commit":"a"},"environment":{"torch":"2.1"},"hardware":{"gpu":"A100"},
        "dataOrder":{"kind":"recipe","recipe":{"algorithm":"pcg64","seed":1}},
        "parents":[{"kind":"fork","external":"https://a.org/step1"}]
        """;
    var other =
        """
        ,"seeds":{"init":2},"argv":["train.py","--lr=0.2","--seed","3"],"worldSize":16,
        "code":{"repository":"r","commit":"b"},"environment":{"torch":"2.2"},"hardware":{"gpu":"A100"},
        "dataOrder":{"kind":"recipe","recipe":{"algorithm":"pcg64","seed":2}},
        "batchSchedule":[{"fromStep":0,"sequencesPerStep":2,"sequenceLength":4}],
        "parents":[{"kind":"fork","external":"https://a.org/step2"}]
        """;
    var schedule =
        "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1,\"sequenceLength\":4}]";
    run("one", schedule, main(same, one));
    run("other", schedule, main(same, other));
    diff("one", "other")
        .body("notCompared", empty())
        .body(
            "differences.collect { it.aspect + ' ' + it.key + ' ' + it.factor }",
            containsInAnyOrder(
                "argv lr optimizer",
                "seeds init seed",
                "schedule [0].sequencesPerStep batch",
                "data recipe.seed order",
                "start parents[0].checkpoint start",
                "code commit code",
                "environment torch environment",
                "hardware worldSize hardware"));
    diff("one", "other", "factor", "seed")
        .body("factors.find { it.name == 'order' }.declared", is(true))
        .body("factors.find { it.name == 'start' }.declared", is(false));
  }

  @Test
  void segmentsAreComparedByNameOrByPlace() throws Exception {
    var same = configuration("seed: 1\n");
    run(
        "left",
        "",
        main(same, ""),
        "{\"name\":\"cooldown\",\"stage\":\"stage2\",\"startStep\":10}",
        "{\"name\":\"lost\",\"stage\":\"stage3\"}");
    run(
        "right",
        "",
        "{\"name\":\"anneal\",\"stage\":\"stage2\",\"startStep\":10}",
        "{\"name\":\"MAIN\",\"stage\":\"other\",\"configuration\":\"%s\"}".formatted(same));
    diff("left", "right")
        .body("verdict", is("not-as-declared"))
        .body("differences.factor", contains("segments"))
        .body("differences[0].key", is("lost"))
        .body("differences[0].left.stage", is("stage3"))
        .body("differences[0].right", nullValue())
        .body(
            "notCompared.findAll { it.aspect == 'configuration' }.rightSegment",
            contains("anneal"));
  }

  @Test
  void twoSegmentsOfOneRunAreCompared() throws Exception {
    run(
        "soup",
        "",
        "{\"name\":\"ingredient1\",\"stage\":\"stage2\",\"branch\":\"ingredient1\",\"configuration\":\"%s\"}"
            .formatted(configuration(OLMO.formatted(42, "0.1"))),
        "{\"name\":\"ingredient2\",\"stage\":\"stage2\",\"branch\":\"ingredient2\",\"configuration\":\"%s\"}"
            .formatted(configuration(OLMO.formatted(666, "0.1"))));
    diff(
            "soup",
            "soup",
            "leftSegment",
            "ingredient1",
            "rightSegment",
            "ingredient2",
            "factor",
            "seed")
        .body("verdict", is("as-declared"))
        .body("differences.key", hasItem("seed"))
        .body("differences.leftSegment", hasItem("ingredient1"));
    diff("soup", "soup").body("verdict", is("equal"));
    diff("soup", "soup", "leftSegment", "ingredient1").statusCode(400);
    diff("soup", "soup", "leftSegment", "ingredient1", "rightSegment", "absent").statusCode(404);
  }

  @Test
  void runsThatGoOnWithWhatTheySavedThemselvesStartAlike() throws Exception {
    var same = configuration("seed: 1\n");
    for (var name : new String[] {"left", "right"}) {
      run(name, "", main(same, ""));
      var run = "/v1/projects/" + project + "/runs/" + name;
      Given.post(run + "/checkpoints", "{\"step\":5}").statusCode(201);
      Given.post(
              run + "/segments",
              "{\"name\":\"again\",\"startStep\":5,\"configuration\":\"%s\",\"parents\":[{\"kind\":\"resume\",\"checkpoint\":\"step5\"}]}"
                  .formatted(same))
          .statusCode(201);
    }
    diff("left", "right").body("verdict", is("equal")).body("differences", empty());
  }

  @Test
  void badQuestionsAreRefused() {
    run("a", "");
    Api.refused(given().queryParam("left", project + "/a").get("/v1/diff"), "right");
    Api.refused(
        given().queryParam("left", "a").queryParam("right", project + "/a").get("/v1/diff"),
        "left");
    diff("a", "absent").statusCode(404);
    diff("a", "a", "factor", "no factor!").statusCode(400);
    diff("a", "a").statusCode(200).body("verdict", is("unknown")).body("notCompared", not(empty()));
    diff("a", "a").body("notCompared", hasSize(1)).body("notCompared[0].aspect", is("segments"));
  }
}
