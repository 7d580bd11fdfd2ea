package org.cairn.trajectory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RunTensorTest {

  private static final String FOUR_BY_THREE = "embed.weight";

  private static Safetensors weights(int step) {
    return new Safetensors()
        .floats("before", List.of(2), step, step)
        .floats(FOUR_BY_THREE, List.of(4, 3), Safetensors.values(12, step))
        .floats("norm/é", List.of(1), step);
  }

  /** Steps 0, 1, 2 and 4, sent in another order. */
  private static Trained trained() throws Exception {
    return Trained.run()
        .checkpoint(4, weights(4))
        .checkpoint(0, weights(0))
        .checkpoint(2, ",\"tokens\":2048", weights(2).bytes())
        .checkpoint(1, weights(1))
        .seal(0);
  }

  private static JsonNode header(byte[] safetensors) throws Exception {
    int length = (int) ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return JsonMapper.builder()
        .build()
        .readTree(new String(safetensors, 8, length, StandardCharsets.UTF_8));
  }

  private static float[] entry(byte[] safetensors, String name) throws Exception {
    var offsets = header(safetensors).path(name).path("data_offsets");
    int data = 8 + (int) ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Safetensors.floats(
        Arrays.copyOfRange(
            safetensors, data + offsets.get(0).intValue(), data + offsets.get(1).intValue()),
        0);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  private static float[] joined(float[]... parts) {
    var buffer = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length * 4).sum());
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    for (var part : parts) {
      for (float value : part) {
        buffer.putFloat(value);
      }
    }
    return Safetensors.floats(buffer.array(), 0);
  }

  @Test
  void safetensorsHasAnEntryForEachCheckpointInOrderOfTraining() throws Exception {
    var run = trained();
    var answer = Given.download(run.tensor(FOUR_BY_THREE));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).isEqualTo("application/octet-stream");
    assertThat(header(answer, "cairn-steps")).isEqualTo("0,1,2,4");
    assertThat(header(answer, "cairn-checkpoints")).isEqualTo("4");
    assertThat(header(answer, "cairn-without-tensor")).isEqualTo("0");
    var header = header(answer.body());
    assertThat(header.properties().stream().map(Map.Entry::getKey))
        .containsExactly("__metadata__", "step0", "step1", "step2", "step4");
    assertThat(header.path("__metadata__").path("run").asText())
        .isEqualTo(run.project() + "/seed0");
    assertThat(header.path("__metadata__").path("tensor").asText()).isEqualTo(FOUR_BY_THREE);
    assertThat(header.path("__metadata__").path("steps").asText()).isEqualTo("0,1,2,4");
    assertThat(header.path("step2").path("shape").toString()).isEqualTo("[4,3]");
    for (int step : List.of(0, 1, 2, 4)) {
      assertThat(entry(answer.body(), "step" + step)).isEqualTo(Safetensors.values(12, step));
    }
  }

  @Test
  void npyIsStacked() throws Exception {
    var answer = Given.download(trained().tensor(FOUR_BY_THREE) + "?format=npy&slice=1:3,-1");
    assertThat(new String(answer.body(), 1, 127, StandardCharsets.ISO_8859_1))
        .contains("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }");
    assertThat(header(answer, "content-disposition")).contains("embed.weight.npy");
    var expected = new float[8];
    int at = 0;
    for (int step : List.of(0, 1, 2, 4)) {
      expected[at++] = Safetensors.values(12, step)[5];
      expected[at++] = Safetensors.values(12, step)[8];
    }
    assertThat(Safetensors.floats(answer.body(), 128)).isEqualTo(expected);
  }

  @Test
  void arrowHasARecordBatchForEachCheckpoint() throws Exception {
    var run = trained();
    var answer = Given.download(run.tensor(FOUR_BY_THREE) + "?format=arrow&slice=0:2");
    assertThat(header(answer, "content-type")).isEqualTo("application/vnd.apache.arrow.stream");
    var rows = new ArrowRows(answer.body());
    assertThat(rows.columns).containsExactly("label", "step", "tokens", "tensor");
    assertThat(rows.metadata)
        .containsEntry("run", run.project() + "/seed0")
        .containsEntry("tensor", FOUR_BY_THREE);
    assertThat(rows.tensorMetadata)
        .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor")
        .containsEntry("ARROW:extension:metadata", "{\"shape\":[2,3]}");
    assertThat(rows.elements).isEqualTo(6);
    assertThat(rows.rows).hasSize(4);
    var third = rows.rows.get(2);
    assertThat(ArrowRows.text(third.get(2))).isEqualTo("step2");
    assertThat(ArrowRows.number(third.get(4))).isEqualTo(2);
    assertThat(third.get(5)).isEmpty();
    assertThat(ArrowRows.number(third.get(6))).isEqualTo(2048);
    assertThat(Safetensors.floats(third.getLast(), 0))
        .isEqualTo(Arrays.copyOf(Safetensors.values(12, 2), 6));
    assertThat(rows.rows.get(3).get(5)).as("tokens are null").containsExactly(0);
  }

  @Test
  void typesThatNumpyLacksAreWidened() throws Exception {
    var one = new Safetensors().tensor("w", "BF16", List.of(2), new byte[] {-128, 63, 0, -64});
    var run = Trained.run().checkpoint(1, one).checkpoint(2, one);
    var npy = Given.download(run.tensor("w") + "?format=npy").body();
    assertThat(Safetensors.floats(npy, 128)).containsExactly(1, -2, 1, -2);
    var arrow = new ArrowRows(Given.download(run.tensor("w") + "?format=arrow").body());
    assertThat(Safetensors.floats(arrow.rows.getLast().getLast(), 0)).containsExactly(1, -2);
    var safetensors = Given.download(run.tensor("w")).body();
    assertThat(header(safetensors).path("step2").path("dtype").asText()).isEqualTo("BF16");
  }

  @Test
  void arrowHasNoComplexNumbersAndBooleansInBytes() throws Exception {
    var run =
        Trained.run()
            .checkpoint(
                1,
                new Safetensors()
                    .tensor("c", "C64", List.of(1), new byte[8])
                    .tensor("b", "BOOL", List.of(3), new byte[] {1, 0, 1})
                    .tensor("empty", "F32", List.of(0, 3), new byte[0])
                    .tensor("scalar", "I64", List.of(), new byte[] {7, 0, 0, 0, 0, 0, 0, 0}));
    given()
        .get(run.tensor("c") + "?format=arrow")
        .then()
        .statusCode(400)
        .body("violations[0].field", equalTo("format"))
        .body("detail", containsString("complex"));
    var booleans = new ArrowRows(Given.download(run.tensor("b") + "?format=arrow").body());
    assertThat(booleans.rows.getFirst().getLast()).containsExactly(1, 0, 1);
    var empty = new ArrowRows(Given.download(run.tensor("empty") + "?format=arrow").body());
    assertThat(empty.elements).isZero();
    assertThat(empty.rows.getFirst().getLast()).isEmpty();
    var scalar = new ArrowRows(Given.download(run.tensor("scalar") + "?format=arrow").body());
    assertThat(scalar.tensorMetadata).containsEntry("ARROW:extension:metadata", "{\"shape\":[]}");
    assertThat(ArrowRows.number(scalar.rows.getFirst().getLast())).isEqualTo(7);
    var numbers = Given.download(run.tensor("scalar") + "?format=npy").body();
    assertThat(new String(numbers, StandardCharsets.ISO_8859_1)).contains("'shape': (1,)");
  }

  @Test
  void choosesAsTheListOfCheckpointsDoes() throws Exception {
    var run = trained();
    for (var choice :
        Map.of(
                "steps=4,1,77", "1,4",
                "stepFrom=1&stepTo=2", "1,2",
                "spacing=log&points=2", "0,4",
                "nearestStep=3", "2",
                "tokensFrom=1", "2",
                "state=sealed", "0")
            .entrySet()) {
      var answer = given().head(run.tensor("before") + "?" + choice.getKey()).then();
      answer.statusCode(200).header("Cairn-Steps", equalTo(choice.getValue()));
    }
    given()
        .get(run.path() + "/checkpoints?steps=2,0")
        .then()
        .statusCode(200)
        .body("items.step", equalTo(List.of(0, 2)));
  }

  @Test
  void takesRangesAndSaysWhenNothingHasChanged() throws Exception {
    var run = trained();
    for (var format : List.of("safetensors", "npy", "arrow")) {
      var path = run.tensor(FOUR_BY_THREE) + "?slice=:,1:3&format=" + format;
      var whole = Given.download(path);
      var bytes = whole.body();
      for (int from = 0; from < bytes.length; from += 97) {
        int to = Math.min(bytes.length - 1, from + 300);
        var part = Given.download(path, "Range", "bytes=" + from + "-" + to);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, from, to + 1));
      }
      given()
          .head(path)
          .then()
          .statusCode(200)
          .header("Content-Length", equalTo(String.valueOf(bytes.length)));
      var tag = header(whole, "etag");
      given().header("If-None-Match", tag).get(path).then().statusCode(304);
    }
    var path = run.tensor("before");
    var before = header(Given.download(path), "etag");
    run.checkpoint(8, weights(8));
    assertThat(header(Given.download(path), "etag")).isNotEqualTo(before);
  }

  @Test
  void checkpointsWithoutTheTensorAreLeftOutAndCounted() throws Exception {
    var run =
        trained()
            .checkpoint(3, new Safetensors().floats("other", List.of(1), 1))
            .checkpoint(5, "", "no safetensors at all".getBytes(StandardCharsets.UTF_8));
    Given.post(run.path() + "/checkpoints", "{\"step\":6}").statusCode(201);
    var answer = Given.download(run.tensor("norm/%C3%A9") + "?format=npy");
    assertThat(header(answer, "cairn-steps")).isEqualTo("0,1,2,4");
    assertThat(header(answer, "cairn-without-tensor")).isEqualTo("3");
    assertThat(Safetensors.floats(answer.body(), 128)).containsExactly(0, 1, 2, 4);
    given()
        .get(run.tensor("none"))
        .then()
        .statusCode(404)
        .body("detail", containsString("No tensor none in any of the 7 checkpoints"));
    given().get(run.tensor("before") + "?steps=3,5").then().statusCode(404);
    given().get(run.tensor("before") + "?stepFrom=100").then().statusCode(404);
    given().get(run.tensor("a%00b")).then().statusCode(404);
    given()
        .get("/v1/projects/" + run.project() + "/runs/none/tensors/before")
        .then()
        .statusCode(404)
        .body("detail", containsString("No run"));
  }

  @Test
  void shapesThatDisagreeNeedSafetensors() throws Exception {
    var run =
        trained()
            .checkpoint(5, new Safetensors().floats(FOUR_BY_THREE, List.of(2, 3), new float[6]));
    for (var format : List.of("npy", "arrow")) {
      given()
          .get(run.tensor(FOUR_BY_THREE) + "?format=" + format)
          .then()
          .statusCode(400)
          .body("violations[0].field", equalTo("format"))
          .body(
              "detail",
              containsString("F32 [4, 3] in step0 and F32 [2, 3] in step5: ask for safetensors"));
    }
    var both = Given.download(run.tensor(FOUR_BY_THREE) + "?steps=4,5").body();
    assertThat(header(both).path("step5").path("shape").toString()).isEqualTo("[2,3]");
    assertThat(entry(both, "step4")).isEqualTo(Safetensors.values(12, 4));
    // What is common to them can be stacked.
    assertThat(
            Given.download(run.tensor(FOUR_BY_THREE) + "?format=npy&slice=0:2&steps=4,5")
                .statusCode())
        .isEqualTo(200);
    run.checkpoint(6, new Safetensors().tensor(FOUR_BY_THREE, "F16", List.of(4, 3), new byte[24]));
    given()
        .get(run.tensor(FOUR_BY_THREE) + "?format=npy&steps=4,6")
        .then()
        .statusCode(400)
        .body("detail", containsString("F16 [4, 3] in step6"));
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    var run = trained();
    var many = IntStream.rangeClosed(0, 2000).mapToObj(String::valueOf);
    for (var wrong :
        Map.of(
                "format=raw",
                "format: must be one of [safetensors, npy, arrow]",
                "slice=9",
                "the index 9 in an axis of 4",
                "slice=abc",
                "slice",
                "steps=1,x",
                "\\\"x\\\" is no step",
                "steps=-1",
                "\\\"-1\\\" is no step",
                "steps=" + many.collect(Collectors.joining(",")),
                "at most 2000",
                "points=3",
                "points: needs spacing",
                "stepfrom=3",
                "stepfrom: is not a parameter")
            .entrySet()) {
      var answer = Given.download(run.tensor(FOUR_BY_THREE) + "?" + wrong.getKey());
      assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(wrong.getValue());
    }
  }

  @Test
  void manyCheckpointsOfOneFileAreReadAndMoreThanTheLimitRefused() throws Exception {
    var run = Trained.run();
    var weights = new Safetensors().floats("w", List.of(3), 1, 2, 3).bytes();
    var file =
        "{\"path\":\"model.safetensors\",\"sha256\":\"%s\",\"size\":%d}"
            .formatted(Given.artifact(weights), weights.length);
    bulk(run, 1, 2000, file);
    var answer = Given.download(run.tensor("w") + "?format=npy");
    assertThat(header(answer, "cairn-checkpoints")).isEqualTo("2000");
    assertThat(header(answer, "cairn-steps")).as("too long for a header").isEqualTo("none");
    assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).contains("(2000, 3)");
    assertThat(answer.body()).hasSize(128 + 2000 * 12);
    bulk(run, 2001, 2001, file);
    given()
        .get(run.tensor("w"))
        .then()
        .statusCode(400)
        .body("detail", containsString("more than 2000 checkpoints"))
        .header("Cairn-Steps", nullValue());
    given().head(run.tensor("w") + "?spacing=log").then().statusCode(200);
  }

  private static void bulk(Trained run, int from, int to, String file) {
    var lines =
        IntStream.rangeClosed(from, to)
            .mapToObj(step -> "{\"step\":%d,\"files\":[%s]}".formatted(step, file))
            .collect(Collectors.joining("\n"));
    given()
        .contentType("application/x-ndjson")
        .body(lines.getBytes(StandardCharsets.UTF_8))
        .post(run.path() + "/checkpoints/bulk")
        .then()
        .statusCode(200);
  }

  @Test
  void aSeriesIsTheJoinedTensorsOfItsCheckpoints() throws Exception {
    var run = trained();
    var npy = Given.download(run.tensor(FOUR_BY_THREE) + "?format=npy").body();
    assertThat(Safetensors.floats(npy, 128))
        .isEqualTo(
            joined(
                Safetensors.values(12, 0),
                Safetensors.values(12, 1),
                Safetensors.values(12, 2),
                Safetensors.values(12, 4)));
  }
}
