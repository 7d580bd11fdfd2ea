package org.cairn.trajectory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RunsTensorTest {

  private static Safetensors weights(int value) {
    return new Safetensors().floats("w", List.of(2), value, -value);
  }

  private String project = "";

  @BeforeEach
  void project() {
    project = Given.project();
  }

  /** Two seeds, of which the second has one checkpoint more and one without the tensor. */
  private String seeds() throws Exception {
    Trained.run(project, "seed0").checkpoint(0, weights(10)).checkpoint(8, weights(18));
    Trained.run(project, "seed1")
        .checkpoint(0, weights(20))
        .checkpoint(4, weights(24))
        .checkpoint(6, new Safetensors().floats("other", List.of(1), 1))
        .checkpoint(8, weights(28));
    return "/v1/tensors?name=w&runs=" + project + "/seed1," + project + "/seed0";
  }

  @Test
  void stacksTheRunsInTheOrderOfTheRequest() throws Exception {
    var npy = Given.download(seeds() + "&format=npy");
    assertThat(npy.statusCode()).isEqualTo(200);
    assertThat(Safetensors.floats(npy.body(), 128))
        .containsExactly(20, -20, 24, -24, 28, -28, 10, -10, 18, -18);
    assertThat(npy.headers().firstValue("cairn-steps")).contains("0,4,8,0,8");
    assertThat(npy.headers().firstValue("cairn-run-checkpoints")).contains("3,2");
    assertThat(npy.headers().firstValue("cairn-without-tensor")).contains("1");
  }

  /** One question to two families, each of which spells it in its own way. */
  @Test
  void aCanonicalNameIsFoundWhateverItsSpelling() throws Exception {
    var neox =
        new Safetensors().floats("gpt_neox.layers.3.attention.dense.weight", List.of(2), 1, 2);
    var llama =
        new Safetensors().floats("model.layers.3.self_attn.o_proj.weight", List.of(2), 3, 4);
    Trained.run(project, "neox").checkpoint(0, neox);
    Trained.run(project, "llama").checkpoint(0, llama);
    var npy =
        Given.download(
            "/v1/tensors?format=npy&name=layers.3.attention.output.weight&runs=%s/neox,%s/llama"
                .formatted(project, project));
    assertThat(npy.statusCode()).isEqualTo(200);
    assertThat(Safetensors.floats(npy.body(), 128)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void entriesAreCalledAfterRunAndLabel() throws Exception {
    var file = Given.download(seeds() + "&steps=8").body();
    var header = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(header)
        .contains("\"" + project + "/seed1@step8\":{\"dtype\":\"F32\"")
        .contains("\"" + project + "/seed0@step8\":{\"dtype\":\"F32\"")
        .contains("\"runs\":\"" + project + "/seed1," + project + "/seed0\"");
    assertThat(Safetensors.floats(file, file.length - 16)).containsExactly(28, -28, 18, -18);
  }

  @Test
  void arrowHasAColumnForTheRun() throws Exception {
    var rows = new ArrowRows(Given.download(seeds() + "&format=arrow").body());
    assertThat(rows.columns).containsExactly("run", "label", "step", "tokens", "tensor");
    assertThat(rows.rows).hasSize(5);
    var last = rows.rows.getLast();
    assertThat(ArrowRows.text(last.get(2))).isEqualTo(project + "/seed0");
    assertThat(ArrowRows.text(last.get(5))).isEqualTo("step8");
    assertThat(Safetensors.floats(last.getLast(), 0)).containsExactly(18, -18);
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    var many =
        IntStream.rangeClosed(0, 100).mapToObj(i -> "p/r" + i).collect(Collectors.joining(","));
    for (var wrong :
        Map.of(
                "name=w",
                "runs: must not be null",
                "runs=" + project + "/seed0",
                "name: must not be null",
                "name=w&runs=",
                "runs: must not be null",
                "name=w&runs=a/b,c",
                "runs[1]: is written as project/run",
                "name=w&runs=a/b,a/b",
                "runs[1]: is there twice",
                "name=w&runs=" + many,
                "at most 100",
                "name=w&runs=a/b&format=x",
                "No run a/b")
            .entrySet()) {
      given()
          .get("/v1/tensors?" + wrong.getKey())
          .then()
          .statusCode(wrong.getValue().startsWith("No") ? 404 : 400)
          .body("detail", containsString(wrong.getValue()));
    }
    given()
        .get(seeds().replace("name=w", "name=none"))
        .then()
        .statusCode(404)
        .body("detail", containsString("6 checkpoints that were chosen of 2 runs"));
  }

  @Test
  void theHeadOfItHasItsSize() throws Exception {
    var path = seeds() + "&format=npy";
    int size = Given.download(path).body().length;
    given()
        .head(path)
        .then()
        .statusCode(200)
        .header("Content-Length", String.valueOf(size))
        .header("Cairn-Run-Checkpoints", "3,2");
  }
}
