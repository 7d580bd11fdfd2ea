package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/**
 * The shapes of the public releases go in and come out without loss: facts of their papers, cards
 * and manifests.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ReleaseShapesTest {

  /**
   * One flat run of 154 steps: 0, powers of two to 512, every thousand to 143,000; 2,097,152 tokens
   * a step; optimizer states of the last step only; the order of the data by arithmetic over files
   * that are elsewhere; a configuration that is no YAML.
   */
  @Test
  void pythia() throws Exception {
    var project = Given.project();
    var dataset = "/v1/projects/" + project + "/datasets";
    Given.post(dataset, "{\"name\":\"pile-deduped-pythia-preshuffled\"}").statusCode(201);
    var shards =
        IntStream.range(0, 21)
            .mapToObj(i ->
                "{\"path\":\"document-%05d-of-00020.bin\",\"location\":\"https://huggingface.co/datasets/EleutherAI/pile-deduped-pythia-preshuffled/%d\"}"
                    .formatted(i, i))
            .collect(Collectors.joining(","));
    Given.post(
            dataset + "/pile-deduped-pythia-preshuffled/versions",
            "{\"version\":\"1\",\"files\":["
                + shards
                + ",{\"path\":\"document.bin\",\"sha256\":\"0cd548ef\",\"location\":\"x\"}]}")
        .statusCode(400); // half a digest is none
    Given.post(
            dataset + "/pile-deduped-pythia-preshuffled/versions",
            "{\"version\":\"1\",\"files\":[" + shards + "],\"license\":\"MIT\"}")
        .statusCode(201)
        .body("fileCount", is(21))
        .body("totalSize", nullValue());
    var raw = Given.artifact("{\n # " + project + "\n  \"lr\": 0.0002,\n  \"broken\": [1, 2\n}\n");
    String configuration =
        Given.post(
                "/v1/projects/" + project + "/configurations",
                "{\"name\":\"12B/pythia-12b.yml\",\"raw\":\"" + raw + "\"}")
            .statusCode(201)
            .body("parseError", notNullValue())
            .body("resolved", nullValue())
            .extract()
            .path("id");
    var run =
        Given.run(
            project,
            "pythia-1.4b-deduped",
            """
            "family":"pythia","axes":{"size":"1.4b","seed":1234,"data":"pile-deduped"},"status":"finished",
            "license":"Apache-2.0",
            "batchSchedule":[{"fromStep":0,"sequencesPerStep":1024,"sequenceLength":2048}],
            "checkpointSchedule":[{"explicit":[0,1,2,4,8,16,32,64,128,256,512]},{"every":1000,"from":1000,"to":143000}]
            """);
    segment(
        run,
        """
        {"name":"main","endStep":143000,"configuration":"%s","code":{"repository":"gpt-neox","commit":"v1.0"},
         "hardware":{"accelerator":"A100-40GB","count":64},"seeds":{"init":1234,"order":1234},
         "dataOrder":{"kind":"recipe","sequencesPerRow":1,"recipe":{"algorithm":"rows [1024 s, 1024 (s + 1))",
           "rowTokens":2049,"dtype":"uint16","bytesPerStep":4196352},
           "datasetVersion":"%s/pile-deduped-pythia-preshuffled@1"}}
        """
            .formatted(configuration, project));
    var steps =
        LongStream.concat(
                LongStream.concat(LongStream.of(0), IntStream.range(0, 10).mapToLong(i -> 1L << i)),
                LongStream.rangeClosed(1, 143).map(i -> i * 1000))
            .boxed()
            .toList();
    bulk(
        run,
        steps.stream()
            .map(s ->
                "{\"step\":%d,\"kind\":\"%s\",\"components\":{\"weights\":\"present\",\"optimizer\":\"%s\"}}"
                    .formatted(
                        s,
                        s == 0 ? "initial" : s == 143000 ? "terminal" : "scheduled",
                        s == 143000 ? "present" : "absent"))
            .toList());
    put(run + "/labels/main", "{\"checkpoint\":\"step143000\"}").statusCode(200);
    var all =
        given()
            .get(run + "/checkpoints?pageSize=1500")
            .then()
            .statusCode(200)
            .body("items", hasSize(154))
            .extract();
    assertThat(all.<List<Integer>>path("items.step").stream().map(Integer::longValue).toList())
        .isEqualTo(steps);
    given()
        .get(run + "/checkpoints/main")
        .then()
        .body("label", is("step143000"))
        .body("tokens", is(299_892_736_000L));
    given().get(run + "/checkpoints/terminal").then().body("step", is(143000));
    given().get(run + "/checkpoints?has=optimizer").then().body("items.step", contains(143000));
    given()
        .get(run + "/segments/main")
        .then()
        .body("configuration", is(configuration))
        .body("dataOrder.recipe.bytesPerStep", is(4_196_352))
        .body("dataOrder.datasetVersion", is(project + "/pile-deduped-pythia-preshuffled@1"));
    // The suite's first edition called real step 500 step1000: a label is only a name.
    var v0 =
        Given.run(
            project,
            "pythia-160m-v0",
            "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":2048,\"sequenceLength\":2048}]");
    bulk(v0, List.of("{\"step\":500,\"label\":\"step1000\",\"labels\":[\"global_step500\"]}"));
    given()
        .get(v0 + "/checkpoints/step1000")
        .then()
        .body("step", is(500))
        .body("tokens", is(2_097_152_000));
    given()
        .get(run)
        .then()
        .body("axes.seed", is(1234))
        .body("checkpointSchedule[1].every", is(1000));
  }

  /**
   * OLMo 2 7B: stage 1, three ingredients of stage 2 forked from its last step with their own
   * seeds, and their soup.
   */
  @Test
  void olmo2WithStagesIngredientsAndSoup() {
    var run = Given.run("\"family\":\"olmo-2\",\"axes\":{\"size\":\"7B\"}");
    segment(
        run,
        """
        {"name":"stage1","stage":"stage1","endStep":928646,"seeds":{"seed":6198},
         "batchSchedule":[{"fromStep":0,"sequencesPerStep":1024,"sequenceLength":4096}],
         "externalIds":{"wandb":"peteish7"}}\
        """);
    bulk(
        run,
        List.of(
            "{\"stage\":\"stage1\",\"step\":150,\"kind\":\"extra\",\"labels\":[\"stage1-step150-tokens1B\"]}",
            "{\"stage\":\"stage1\",\"step\":928646,\"kind\":\"terminal\",\"labels\":[\"stage1-step928646-tokens3896B\"],"
                + "\"components\":{\"weights\":\"present\",\"optimizer\":\"present\",\"rng\":\"lost\"}}"));
    int[] seeds = {42, 42069, 666};
    for (int i = 1; i <= 3; i++) {
      segment(
          run,
          """
          {"name":"stage2-ingredient%d","stage":"stage2","branch":"ingredient%d","endStep":11931,"seeds":{"seed":%d},
           "batchSchedule":[{"fromStep":0,"sequencesPerStep":1024,"sequenceLength":4096}],
           "parents":[{"kind":"fork","checkpoint":"stage1-step928646","loads":{"weights":true,"optimizer":true,"dataloader":false}}]}\
          """
              .formatted(i, i, seeds[i - 1]));
      bulk(
          run,
          List.of(
              "{\"stage\":\"stage2\",\"branch\":\"ingredient%d\",\"step\":11931,\"tokens\":50042241024,\"labels\":[\"stage2-ingredient%d-step11931-tokens50B\"]}"
                  .formatted(i, i)));
    }
    bulk(
        run,
        List.of(
            """
            {"stage":"stage2","branch":"soup","step":11931,"kind":"derived","weightsKind":"averaged","label":"soup","parents":[
              {"kind":"merge","checkpoint":"stage2-ingredient1-step11931","coefficient":0.3333333333333333},
              {"kind":"merge","checkpoint":"stage2-ingredient2-step11931","coefficient":0.3333333333333333},
              {"kind":"merge","checkpoint":"stage2-ingredient3-step11931","coefficient":0.3333333333333333}],
             "metadata":{"note":"no config, weights averaged"}}\
            """
                .replace("\n", " ")));
    put(run + "/labels/main", "{\"checkpoint\":\"soup\"}").statusCode(200);
    // Labels of 7B uploaded without the stage, and the stage-1 list that ends before its last step.
    bulk(
        run,
        List.of("{\"stage\":\"stage1\",\"step\":928000,\"labels\":[\"step928000-tokens3893B\"]}"));
    given()
        .get(run + "/checkpoints?stage=stage1&spacing=log&points=2")
        .then()
        .body("items.step", contains(150, 928646));

    given()
        .get(run + "/checkpoints/stage1-step928646")
        .then()
        .body("tokens", is(928_646L * 4_194_304));
    // Tokens of the label count the stage; the total counts from the first step of training.
    given()
        .get(run + "/checkpoints/stage2-ingredient3-step11931-tokens50B")
        .then()
        .body("tokens", is(11_931L * 4_194_304))
        .body("totalTokens", is((928_646L + 11_931) * 4_194_304))
        .body("position", is(928_646 + 11_931))
        .body("segment", is("stage2-ingredient3"));
    given()
        .get(run + "/checkpoints/main")
        .then()
        .body("label", is("soup"))
        .body("weightsKind", is("averaged"))
        .body("position", is(928_646 + 11_931))
        .body("parents", hasSize(3))
        .body("parents.kind", contains("merge", "merge", "merge"));
    given()
        .get(run + "/segments/stage2-ingredient2")
        .then()
        .body("seeds.seed", is(42069))
        .body("parents[0].kind", is("fork"))
        .body("parents[0].loads.optimizer", is(true))
        .body("parents[0].loads.dataloader", is(false));
    given()
        .get(run + "/checkpoints?stage=stage2&branch=ingredient1")
        .then()
        .body("items", hasSize(1));
    given().get(run + "/findings").then().body("items", hasSize(0));
    given().get(run + "/lineage").then().statusCode(200);
  }

  /** OLMo 7B: 39 launches make one trajectory, and step 557,000 was saved by two of them. */
  @Test
  void olmo7bInThirtyNineSegments() {
    var run =
        Given.run(
            "\"family\":\"olmo\",\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":2160,\"sequenceLength\":2048}]");
    long length = 14_650;
    for (int i = 0; i < 39; i++) {
      segment(
          run,
          """
          {"name":"launch%02d","startStep":%d,"endStep":%d,"externalIds":{"wandb":"id%08x"},"worldSize":%d}\
          """
              .formatted(
                  i,
                  i * length,
                  i == 38 ? 557_001 : (i + 1) * length + 500,
                  i * 7919,
                  i % 2 == 0 ? 216 : 1024));
    }
    bulk(
        run,
        List.of(
            "{\"step\":1000,\"labels\":[\"step1000-tokens4B\"]}",
            "{\"step\":556000,\"components\":{\"weights\":\"present\",\"optimizer\":\"lost\"}}"));
    // The overlap: launch 37 went on past the point where launch 38 took over.
    Given.post(run + "/checkpoints", "{\"step\":557000}").statusCode(400);
    bulk(
        run,
        List.of(
            "{\"step\":557000,\"segment\":\"launch37\"}",
            "{\"step\":557000,\"segment\":\"launch38\"}"));
    Given.post(
            run + "/checkpoints", "{\"step\":557000,\"segment\":\"launch38\",\"label\":\"again\"}")
        .statusCode(409);
    given()
        .get(run + "/checkpoints?stepFrom=557000&stepTo=557000")
        .then()
        .body("items", hasSize(2))
        .body("items.segment.sort()", contains("launch37", "launch38"))
        .body("items.tokens", contains(557_000L * 2160 * 2048, 557_000L * 2160 * 2048));
    given().get(run + "/checkpoints/step557000").then().body("segment", is("launch37"));
    given().get(run + "/checkpoints/step557000-launch38").then().body("segment", is("launch38"));
    // The published configuration says batch 2048, the labels 2160: the claim stays, with a
    // finding.
    bulk(run, List.of("{\"step\":2000,\"tokens\":8388608000}"));
    given()
        .get(run + "/checkpoints/step2000")
        .then()
        .body("claimed.tokens", is(8_388_608_000L))
        .body("tokens", is(2_000L * 2160 * 2048));
    given()
        .get(run + "/findings")
        .then()
        .body("items.class", contains("counts-differ-from-schedule"));
    given()
        .get(run + "/segments/launch38")
        .then()
        .body("externalIds.wandb", is("id%08x".formatted(38 * 7919)))
        .body("worldSize", is(216));
    given().get(run + "/segments").then().body("items", hasSize(39));
  }

  /**
   * Marin 8B: six phases over one step counter, three batch sizes, EMA weights after the first
   * phase.
   */
  @Test
  void marin8bInSixPhases() {
    var run =
        Given.run(
            """
            "family":"marin-8b","batchSchedule":[
              {"fromStep":0,"sequencesPerStep":1024,"sequenceLength":4096},
              {"fromStep":660001,"sequencesPerStep":3072,"sequenceLength":4096},
              {"fromStep":1320001,"sequencesPerStep":4096,"sequenceLength":4096}]
            """);
    record Phase(String name, long start, long end, long tokens) {}
    var phases =
        List.of(
            new Phase("kestrel", 0, 660_000, 2_768_240_640_000L),
            new Phase("ocelot", 660_000, 738_376, 3_754_430_562_304L),
            new Phase("jellyfish", 738_376, 819_924, 4_780_541_870_080L),
            new Phase("phoenix", 819_924, 1_320_000, 11_072_954_171_392L),
            new Phase("starling", 1_320_000, 1_399_923, 12_413_835_411_456L),
            new Phase("deeper-starling", 1_399_923, 1_419_999, 12_750_654_799_872L));
    String before = null;
    for (var phase : phases) {
      segment(
          run,
          """
          {"name":"%s","stage":"%s","startStep":%d,"endStep":%d,
           "dataOrder":{"kind":"recipe","recipe":{"permutation":"linear","mixture":[
             {"fromStep":740500},{"fromStep":820000},{"fromStep":822000},{"fromStep":1320000}]}}%s}\
          """
              .formatted(
                  phase.name(),
                  phase.name(),
                  phase.start(),
                  phase.end(),
                  before == null
                      ? ""
                      : ",\"parents\":[{\"kind\":\"resume\",\"checkpoint\":\"" + before + "\"}]"));
      bulk(
          run,
          List.of(
              "{\"stage\":\"%s\",\"step\":%d,\"weightsKind\":\"%s\",\"label\":\"%s\",\"labels\":[\"step-%d\"]}"
                  .formatted(
                      phase.name(),
                      phase.end(),
                      before == null ? "raw" : "ema",
                      phase.name(),
                      phase.end())));
      before = phase.name();
    }
    var labels =
        given()
            .get(run + "/checkpoints")
            .then()
            .body("items", hasSize(6))
            .extract()
            .<List<String>>path("items.label");
    assertThat(labels).isEqualTo(phases.stream().map(Phase::name).toList());
    for (var phase : phases) {
      given().get(run + "/checkpoints/" + phase.name()).then().body("tokens", is(phase.tokens()));
    }
    // main is the last phase today, and may be another one tomorrow
    put(run + "/labels/main", "{\"checkpoint\":\"starling\"}").statusCode(200);
    put(run + "/labels/main", "{\"checkpoint\":\"deeper-starling\"}").statusCode(200);
    given().get(run + "/checkpoints/main").then().body("label", is("deeper-starling"));
    given().get(run + "/labels?label=main").then().body("items", hasSize(2));
    given().get(run + "/checkpoints/kestrel").then().body("weightsKind", is("raw"));
    given()
        .get(run + "/segments/jellyfish")
        .then()
        .body("dataOrder.recipe.mixture.fromStep", contains(740500, 820000, 822000, 1320000))
        .body("parents[0].resolved.segment", is("ocelot"));
    given()
        .get(run + "/checkpoints/phoenix")
        .then()
        .body("weightsKind", is("ema"))
        .body("position", is(1_320_000));
    given()
        .get(run + "/checkpoints?nearestTokens=5000000000000")
        .then()
        .body("items[0].label", is("jellyfish"));
  }

  /**
   * MultiBERTs: 25 seeds of one family; 28 intermediate checkpoints and step 0 for the first five.
   */
  @Test
  void multibertsAsTwentyFiveSeeds() {
    var project = Given.project();
    for (int seed = 0; seed < 25; seed++) {
      var run =
          Given.run(
              project,
              "multiberts-seed_" + seed,
              """
              "family":"multiberts","axes":{"seed":%d},
              "batchSchedule":[{"fromStep":0,"sequencesPerStep":256,"sequenceLength":512}]
              """
                  .formatted(seed));
      segment(
          run,
          "{\"name\":\"pretraining\",\"seeds\":{\"init\":%d,\"order\":%d}}".formatted(seed, seed));
      var steps = new ArrayList<Long>();
      if (seed < 5) {
        LongStream.rangeClosed(0, 10).map(i -> i * 20_000).forEach(steps::add);
        LongStream.rangeClosed(3, 20).map(i -> i * 100_000).forEach(steps::add);
      } else {
        steps.add(2_000_000L);
      }
      int number = seed;
      bulk(
          run,
          steps.stream()
              .map(s ->
                  "{\"step\":%d,\"labels\":[\"google/multiberts-seed_%d-step_%dk\"],\"components\":{\"weights\":\"present\",\"optimizer\":\"absent\"}}"
                      .formatted(s, number, s / 1000))
              .toList());
    }
    given()
        .get("/v1/projects/" + project + "/runs?family=multiberts&pageSize=100")
        .then()
        .body("items", hasSize(25));
    var seed3 = "/v1/projects/" + project + "/runs/multiberts-seed_3";
    given()
        .get(seed3 + "/checkpoints")
        .then()
        .body("items", hasSize(29))
        .body("items[28].tokens", is(262_144_000_000L));
    given()
        .urlEncodingEnabled(false)
        .get(seed3 + "/checkpoints/google%2Fmultiberts-seed_3-step_20k")
        .then()
        .body("step", is(20_000));
  }

  private static void segment(String run, String json) {
    Given.post(run + "/segments", json).statusCode(201);
  }

  private static io.restassured.response.ValidatableResponse put(String path, String json) {
    return given()
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .body(json)
        .put(path)
        .then();
  }

  private static void bulk(String run, List<String> lines) {
    var results =
        given()
            .contentType("application/x-ndjson")
            .body(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
            .post(run + "/checkpoints/bulk")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertThat(results.lines())
        .hasSize(lines.size())
        .allSatisfy(line -> assertThat(line).contains("\"status\":201"));
  }
}
