package org.cairn.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.patch;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Base64;
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
class SegmentResourceTest {

  private static final String SCHEDULE =
      "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":1024,\"sequenceLength\":2048}]";

  @Test
  void keepsEverythingThatWasTold() {
    var run = Api.run(Api.project(), SCHEDULE);
    var body =
        """
        {"name":"main","stage":"stage1","startStep":0,"endStep":143000,
         "code":{"repository":"https://github.com/EleutherAI/gpt-neox","commit":"v1.0","dirty":true},
         "environment":{"python":"3.8","packages":[{"torch":"1.10.1"}]},
         "hardware":{"accelerator":"A100-40GB","count":64},"worldSize":64,
         "argv":["deepy.py","train.py",""],"seeds":{"order":1234,"init":1234},
         "dataOrder":{"kind":"index","sha256":"%s","dtype":"uint32","count":146432000},
         "externalIds":{"wandb":"eleutherai/pythia/abc"},
         "parents":[{"kind":"partial-warm-start","external":"s3://private/ckpt",
                     "loads":{"weights":true,"optimizer":false},"note":"vocabulary grown"}],
         "metadata":{"m":[1,2]}}
        """
            .formatted("0cd548ef".repeat(8));
    created(run + "/segments", body).header("Location", endsWith(run + "/segments/main"));
    var read = get(run + "/segments/MAIN");
    read.then()
        .statusCode(200)
        .header("ETag", is("\"v0\""))
        .body("name", is("main"))
        .body("ordinal", is(0))
        .body("stage", is("stage1"))
        .body("branch", is(""))
        .body("endStep", is(143_000))
        .body("code.dirty", is(true))
        .body("environment.packages[0].torch", is("1.10.1"))
        .body("worldSize", is(64))
        .body("argv", contains("deepy.py", "train.py", ""))
        .body("seeds.init", is(1234))
        .body("dataOrder.kind", is("index"))
        .body("externalIds.wandb", is("eleutherai/pythia/abc"))
        .body("parents[0].kind", is("partial-warm-start"))
        .body("parents[0].external", is("s3://private/ckpt"))
        .body("parents[0].checkpoint", nullValue())
        .body("parents[0].loads.weights", is(true))
        .body("parents[0].loads.optimizer", is(false))
        .body("parents[0].loads.rng", nullValue())
        .body("batchSchedule", nullValue())
        .body("claimedBefore", nullValue())
        .body("tokensAtStart", is(0));
    get(run + "/segments/main").then().header("ETag", is("\"v0\""));
  }

  @Test
  void countsFromTheScheduleOfTheRun() {
    var run = Api.run(Api.project(), SCHEDULE);
    created(run + "/segments", "{\"name\":\"resumed\",\"startStep\":143000}");
    var read = JsonPath.from(get(run + "/segments/resumed").asString());
    assertThat(read.getLong("tokensAtStart")).isEqualTo(299_892_736_000L);
    assertThat(read.getLong("sequencesAtStart")).isEqualTo(146_432_000);
    assertThat(read.getLong("before.steps")).isEqualTo(143_000);
    assertThat(read.getLong("before.tokens")).isEqualTo(299_892_736_000L);
  }

  @Test
  void keepsAClaimBesideWhatItComputesAndTellsTheDifference() {
    var run = Api.run(Api.project(), SCHEDULE);
    created(
        run + "/segments",
        "{\"name\":\"s\",\"startStep\":1000,\"before\":{\"steps\":1000,\"tokens\":2000000000}}");
    var read = JsonPath.from(get(run + "/segments/s").asString());
    assertThat(read.getLong("before.tokens")).isEqualTo(2_097_152_000);
    assertThat(read.getLong("claimedBefore.tokens")).isEqualTo(2_000_000_000);
    get(run + "/findings")
        .then()
        .body("items.size()", is(1))
        .body("items[0].class", is("counts-before-segment-differ"))
        .body("items[0].subject", is("segment s"))
        .body("items[0].status", is("open"))
        .body("items[0].evidence.tokens.computed", is(2_097_152_000))
        .body("items[0].evidence.tokens.claimed", is(2_000_000_000))
        .body("items[0].evidence.steps", nullValue());
  }

  @Test
  void countsAlongTheChainOfParents() {
    var project = Api.project();
    var base = Api.run(project, SCHEDULE);
    created(base + "/segments", "{\"name\":\"one\",\"stage\":\"stage1\"}");
    created(base + "/checkpoints", "{\"stage\":\"stage1\",\"step\":1000}");
    var other =
        Api.run(
            project,
            "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":10,\"sequenceLength\":10}]");
    var reference = base.substring("/v1/projects/".length()).replace("/runs/", "/");
    created(
            other + "/segments",
            "{\"name\":\"anneal\",\"stage\":\"stage2\",\"parents\":[{\"kind\":\"fork\","
                + "\"checkpoint\":\""
                + reference
                + "@stage1-step1000\",\"coefficient\":0.5}]}")
        .body("before.steps", is(1000))
        .body("before.tokens", is(2_097_152_000))
        .body("before.sequences", is(1_024_000))
        .body("tokensAtStart", is(0))
        .body("parents[0].checkpoint", is(reference + "@stage1-step1000"))
        .body("parents[0].coefficient", is(0.5f))
        .body("parents[0].resolved.label", is("stage1-step1000"))
        .body("parents[0].resolved.run", is(base.substring(base.lastIndexOf('/') + 1)))
        .body("parents[0].resolved.step", is(1000));
  }

  @Test
  void takesALabelOfTheSameRunWhateverItLooksLike() {
    var run = Api.run();
    created(run + "/checkpoints", "{\"step\":7,\"label\":\"a/b@c\"}");
    created(
            run + "/segments",
            "{\"name\":\"s\",\"startStep\":7,\"parents\":[{\"kind\":\"resume\",\"checkpoint\":\"a/b@c\"}]}")
        .body("before.steps", is(7))
        .body("before.tokens", nullValue())
        .body("parents[0].resolved.label", is("a/b@c"));
  }

  @Test
  void refusesParentsThatAreNotThere() {
    var run = Api.run();
    var segments = run + "/segments";
    refused(
        post(
            segments,
            parents(
                "{\"kind\":\"fork\",\"external\":\"x\"},{\"kind\":\"fork\",\"checkpoint\":\"step5\"}")),
        "parents[1].checkpoint");
    refused(
        post(segments, parents("{\"kind\":\"fork\",\"checkpoint\":\"no/body@x\"}")),
        "parents[0].checkpoint");
    refused(post(segments, parents("{\"kind\":\"fork\"}")), "parents[0]");
    refused(
        post(segments, parents("{\"kind\":\"fork\",\"checkpoint\":\"a\",\"external\":\"b\"}")),
        "parents[0]");
    refused(post(segments, parents("{\"kind\":\"copy\",\"external\":\"b\"}")), "parents[0].kind");
    refused(post(segments, parents("{\"external\":\"b\"}")), "parents[0].kind");
    refused(
        post(segments, parents("{\"kind\":\"merge\",\"external\":\"b\",\"coefficient\":1e999}")),
        "parents[0].coefficient");
    refused(post(segments, parents("null")), "parents[0]");
    get(segments).then().body("items.size()", is(0));
  }

  @Test
  void listsInTheOrderOfTheRun() {
    var segments = Api.run() + "/segments";
    created(segments, "{\"name\":\"b\",\"ordinal\":5}");
    created(segments, "{\"name\":\"c\"}").body("ordinal", is(6));
    created(segments, "{\"name\":\"a\",\"ordinal\":0}");
    refused(post(segments, "{\"name\":\"d\",\"ordinal\":5}"), 409, "conflict");
    refused(post(segments, "{\"name\":\"A\"}"), 409, "conflict");
    var page = get(segments + "?pageSize=2");
    page.then().body("items.name", contains("a", "b"));
    get(segments + "?pageSize=2&pageToken=" + page.path("nextPageToken"))
        .then()
        .body("items.name", contains("c"))
        .body("nextPageToken", nullValue());
    refused(get(segments + "?pageToken=eA"), "pageToken");
  }

  @Test
  void changesWhatMayChange() {
    var segment = Api.run() + "/segments";
    created(segment, "{\"name\":\"s\",\"startStep\":10}");
    segment += "/s";
    refused(patch(segment, "", "{\"endStep\":20}"), 428, "precondition-required");
    refused(patch(segment, "*", "{\"endStep\":9}"), "endStep");
    patch(segment, "\"v0\"", "{\"endStep\":20,\"externalIds\":{\"comet\":\"x\"}}")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v1\""))
        .body("endStep", is(20));
    refused(patch(segment, "\"v0\"", "{\"endStep\":21}"), 412, "precondition-failed");
    refused(patch(segment, "*", "{\"startStep\":5}"), "startStep");
    get(segment).then().body("endStep", is(20)).body("externalIds.comet", is("x"));
    refused(get(segment + "x"), 404, "not-found");
    refused(get(segment + "%00"), 404, "not-found");
  }

  @Test
  void answersARepeatedRequestOnce() {
    var segments = Api.run() + "/segments";
    var key = Map.of("Idempotency-Key", "k");
    var first = post(segments, "{\"name\":\"s\",\"seeds\":{\"a\":1}}", key);
    var again = post(segments, "{\"seeds\":{\"a\":1},\"name\":\"s\"}", key);
    first.then().statusCode(201);
    assertThat(again.<Object>path("")).isEqualTo(first.path(""));
    refused(post(segments, "{\"name\":\"t\"}", key), 409, "idempotency-mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"startStep\":-1|startStep",
        "\"startStep\":9223372036854775808|startStep",
        "\"startStep\":1.0|startStep",
        "\"startStep\":10,\"endStep\":9|endStep",
        "\"ordinal\":-1|ordinal",
        "\"ordinal\":2147483647|ordinal",
        "\"stage\":\"a/b\"|stage",
        "\"branch\":\"-\"|branch",
        "\"worldSize\":0|worldSize",
        "\"seeds\":{\"a\":null}|seeds[a]",
        "\"seeds\":{\"a\":\"1\"}|seeds.a",
        "\"argv\":[1]|argv[0]",
        "\"before\":{\"tokens\":-1}|before.tokens",
        "\"before\":{\"epochs\":1}|before.epochs",
        "\"dataOrder\":{\"kind\":\"index\"}|dataOrder.sha256",
        "\"dataOrder\":{\"kind\":\"recipe\"}|dataOrder.recipe",
        "\"dataOrder\":{\"kind\":\"index\",\"sha256\":\"ABC\"}|dataOrder.sha256",
        "\"configuration\":\"not-a-uuid\"|configuration",
        "\"configuration\":\"00000000-0000-0000-0000-000000000000\"|configuration",
        "\"code\":\"abc\"|code",
        "\"externalIds\":{\"a\":1}|externalIds.a"
      })
  void namesTheFieldThatIsWrong(String fields, String field) {
    refused(post(Api.run() + "/segments", "{\"name\":\"s\"," + fields + "}"), field);
  }

  @Test
  void refusesNamesOutsideTheGrammarAndCountsThatDoNotFit() {
    var run = Api.run(Api.project(), SCHEDULE);
    refused(post(run + "/segments", "{\"name\":\"\"}"), "name");
    refused(post(run + "/segments", "{\"name\":\"" + "s".repeat(97) + "\"}"), "name");
    refused(post(run + "/segments", "{}"), "name");
    var beyond = Base64.getUrlEncoder().encodeToString("9999999999".getBytes(UTF_8));
    refused(get(run + "/segments?pageToken=" + beyond), "pageToken");
    refused(
        post(run + "/segments", "{\"name\":\"s\",\"startStep\":9223372036854775807}"), "startStep");
  }

  private static String parents(String parents) {
    return "{\"name\":\"s\",\"parents\":[" + parents + "]}";
  }
}
