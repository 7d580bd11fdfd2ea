package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class CheckpointTensorTest {

  private static final float[] EMBEDDING = Safetensors.values(12, 1);
  private static final float[] NORM = {1, -0.0f, 3};

  private static byte[] single() {
    return new Safetensors()
        .floats("embed.weight", List.of(4, 3), EMBEDDING)
        .floats("norm/é", List.of(3), NORM)
        .bytes();
  }

  /** Uploads files and seals them as a checkpoint of a run of its own; answers its address. */
  private static String sealed(Map<String, byte[]> files) throws Exception {
    var run = Given.run("");
    seal(run, 1, files).statusCode(200);
    return run + "/checkpoints/step1";
  }

  private static ValidatableResponse seal(String run, int step, Map<String, byte[]> files)
      throws Exception {
    var entries = new ArrayList<String>();
    for (var file : files.entrySet()) {
      entries.add(
          "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}"
              .formatted(file.getKey(), Given.artifact(file.getValue()), file.getValue().length));
    }
    Given.post(
            run + "/checkpoints",
            "{\"step\":%d,\"files\":[%s]}".formatted(step, String.join(",", entries)))
        .statusCode(201);
    return given().post(run + "/checkpoints/step" + step + "/seal").then();
  }

  @Test
  void listsTensorsWithDigestsAndStatistics() throws Exception {
    var checkpoint = sealed(Map.of("model.safetensors", single()));
    given()
        .get(checkpoint + "/tensors")
        .then()
        .statusCode(200)
        .body("items", hasSize(2))
        .body("items[0].name", equalTo("embed.weight"))
        .body("items[0].dtype", equalTo("F32"))
        .body("items[0].shape", equalTo(List.of(4, 3)))
        .body("items[0].file", equalTo("model.safetensors"))
        .body("items[0].size", equalTo(48))
        .body("items[1].name", equalTo("norm/é"))
        .body("items[1].statistics.zeros", equalTo(1))
        .body("items[1].statistics.min", equalTo(0.0f))
        .body("items[1].statistics.max", equalTo(3.0f))
        .body("items[1].statistics.l1", equalTo(4.0f))
        .body("nextPageToken", nullValue());
    String token =
        given()
            .get(checkpoint + "/tensors?pageSize=1")
            .then()
            .body("items.name", equalTo(List.of("embed.weight")))
            .extract()
            .path("nextPageToken");
    given()
        .queryParam("pageToken", token)
        .get(checkpoint + "/tensors?pageSize=1")
        .then()
        .body("items.name", equalTo(List.of("norm/é")))
        .body("nextPageToken", nullValue());
  }

  @Test
  void theWeightsDigestIsThatOfTheTensorsWhateverTheirLayout() throws Exception {
    var one = new Safetensors().floats("embed.weight", List.of(4, 3), EMBEDDING).bytes();
    var two = new Safetensors().floats("norm/é", List.of(3), NORM).bytes();
    var index =
        "{\"metadata\":{\"total_size\":60},\"weight_map\":{\"embed.weight\":\"a.safetensors\",\"norm/é\":\"b.safetensors\"}}"
            .getBytes(StandardCharsets.UTF_8);
    var run = Given.run("");
    var whole = seal(run, 1, Map.of("model.safetensors", single())).statusCode(200).extract();
    var sharded =
        seal(
                run,
                2,
                Map.of(
                    "a.safetensors",
                    one,
                    "b.safetensors",
                    two,
                    "model.safetensors.index.json",
                    index))
            .statusCode(200)
            .extract();
    String digest = whole.path("weightsDigest");
    assertThat(digest).isEqualTo(expectedDigest(NORM));
    assertThat(sharded.<String>path("weightsDigest")).isEqualTo(digest);
    assertThat(whole.<String>path("looseWeightsDigest"))
        .isEqualTo(expectedDigest(new float[] {1, 0, 3}));
    given()
        .get(run + "/checkpoints/sha256:" + digest)
        .then()
        .statusCode(200)
        .body("label", equalTo("step1"));
    given().get(run + "/findings").then().body("items", hasSize(0));
    given().get(run + "/checkpoints/step2/tensors").then().body("items", hasSize(2));
  }

  /** Computed here as the standard says, by hand. */
  private static String expectedDigest(float[] norm) {
    var json =
        "[{\"dtype\":\"F32\",\"name\":\"embed.weight\",\"sha256\":\"%s\",\"shape\":[4,3]},{\"dtype\":\"F32\",\"name\":\"norm/é\",\"sha256\":\"%s\",\"shape\":[3]}]"
            .formatted(digest(EMBEDDING), digest(norm));
    return Sha256.of(json.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String digest(float[] values) {
    var bytes = new Safetensors().floats("x", List.of(values.length), values).bytes();
    return Sha256.of(Arrays.copyOfRange(bytes, bytes.length - 4 * values.length, bytes.length))
        .hex();
  }

  @Test
  void readsATensorInEveryFormat() throws Exception {
    var checkpoint = sealed(Map.of("model.safetensors", single()));
    var raw = Given.download(checkpoint + "/tensors/embed.weight?format=raw");
    assertThat(raw.statusCode()).isEqualTo(200);
    assertThat(Safetensors.floats(raw.body(), 0)).isEqualTo(EMBEDDING);
    assertThat(raw.headers().firstValue("etag")).contains("\"" + digest(EMBEDDING) + "\"");
    assertThat(raw.headers().firstValue("cache-control").orElseThrow()).contains("immutable");

    var safetensors = Given.download(checkpoint + "/tensors/norm/%C3%A9");
    assertThat(new String(safetensors.body(), 8, 60, StandardCharsets.UTF_8))
        .contains("\"norm/é\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}");
    assertThat(safetensors.body()[0] % 8).isZero();
    assertThat(Safetensors.floats(safetensors.body(), safetensors.body().length - 12))
        .isEqualTo(NORM);

    var npy = Given.download(checkpoint + "/tensors/embed.weight?format=npy&slice=1:3,-1");
    assertThat(npy.body()).hasSize(64 * 2 + 8);
    assertThat(new String(npy.body(), 1, 127, StandardCharsets.ISO_8859_1))
        .startsWith("NUMPY")
        .contains("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
    assertThat(Safetensors.floats(npy.body(), 128)).containsExactly(EMBEDDING[5], EMBEDDING[8]);
  }

  @Test
  void everyFormatTakesRanges() throws Exception {
    var checkpoint = sealed(Map.of("model.safetensors", single()));
    for (var format : List.of("raw", "npy", "safetensors")) {
      var path = checkpoint + "/tensors/embed.weight?format=" + format + "&slice=:,1:3";
      var whole = Given.download(path).body();
      assertThat(whole).hasSizeGreaterThanOrEqualTo(32);
      for (int from = 0; from < whole.length; from += 7) {
        int to = Math.min(whole.length - 1, from + 20);
        var part = Given.download(path, "Range", "bytes=" + from + "-" + to);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, from, to + 1));
      }
      assertThat(Given.download(path, "Range", "bytes=100000-").statusCode()).isEqualTo(416);
      var head = given().head(path).then().statusCode(200);
      head.header("Content-Length", equalTo(String.valueOf(whole.length)));
      given()
          .header("If-None-Match", head.extract().header("ETag"))
          .get(path)
          .then()
          .statusCode(304);
    }
  }

  @Test
  void aCanonicalNameFindsTheTensorWhereNoneIsSpeltLikeIt() throws Exception {
    var checkpoint =
        sealed(
            Map.of(
                "model.safetensors",
                new Safetensors()
                    .floats("gpt_neox.layers.0.attention.dense.bias", List.of(1), 1)
                    .floats("layers.0.mlp.up.bias", List.of(1), 2)
                    .floats("gpt_neox.layers.0.mlp.dense_h_to_4h.bias", List.of(1), 3)
                    .bytes()));
    given()
        .get(checkpoint + "/tensors")
        .then()
        .body("items[0].canonicalName", equalTo("layers.0.attention.output.bias"))
        .body("items[2].name", equalTo("layers.0.mlp.up.bias"))
        .body("items[2].canonicalName", nullValue());
    assertThat(values(checkpoint, "layers.0.attention.output.bias")).containsExactly(1);
    assertThat(values(checkpoint, "canonical:layers.0.attention.output.bias")).containsExactly(1);
    assertThat(values(checkpoint, "layers.0.mlp.up.bias")).containsExactly(2);
    assertThat(values(checkpoint, "canonical:layers.0.mlp.up.bias")).containsExactly(3);
    given().get(checkpoint + "/tensors/layers.1.mlp.up.bias").then().statusCode(404);
    given().get(checkpoint + "/tensors/canonical:embedding.weight").then().statusCode(404);
  }

  private static float[] values(String checkpoint, String name) throws Exception {
    return Safetensors.floats(
        Given.download(checkpoint + "/tensors/" + name + "?format=raw").body(), 0);
  }

  @Test
  void anAddressOfTheStoreHasTheSameBytes() throws Exception {
    var checkpoint = sealed(Map.of("model.safetensors", single()));
    var address =
        given()
            .get(checkpoint + "/tensor-address/embed.weight?slice=2")
            .then()
            .statusCode(200)
            .body("size", equalTo(12))
            .extract()
            .jsonPath();
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address.getString("url")))
                    .header("Range", address.getString("range"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(Safetensors.floats(answer.body(), 0))
        .containsExactly(EMBEDDING[6], EMBEDDING[7], EMBEDDING[8]);
    given()
        .get(checkpoint + "/tensor-address/embed.weight?slice=:,1")
        .then()
        .statusCode(400)
        .body("detail", containsString("not one stretch of bytes"));
  }

  @ParameterizedTest
  @CsvSource({
    "tensors/none, 404, tensor none",
    "tensors/embed.weight?slice=9, 400, the index 9 in an axis of 4",
    "tensors/embed.weight?slice=::2, 400, has a step",
    "tensors/embed.weight?slice=abc, 400, slice",
    "tensors/embed.weight?format=csv, 400, format",
    "tensors/embed.weight?file=other.safetensors, 404, file other.safetensors",
    "tensors?pageToken=zzz, 400, pageToken",
  })
  void saysWhatIsWrong(String path, int status, String reason) throws Exception {
    var checkpoint = sealed(Map.of("model.safetensors", single()));
    var answer = Given.download(checkpoint + "/" + path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(reason);
  }

  @Test
  void looksIntoAnyFileWhenAsked() throws Exception {
    var moments = new Safetensors().floats("exp_avg", List.of(2), 5, 6).bytes();
    var checkpoint =
        sealed(Map.of("model.safetensors", single(), "state/optimizer.safetensors", moments));
    given()
        .get(checkpoint + "/tensors?file=state/optimizer.safetensors")
        .then()
        .body("items.name", equalTo(List.of("exp_avg")));
    var raw =
        Given.download(checkpoint + "/tensors/exp_avg?format=raw&file=state/optimizer.safetensors");
    assertThat(Safetensors.floats(raw.body(), 0)).containsExactly(5, 6);
    given().get(checkpoint + "/tensors/exp_avg").then().statusCode(404);
  }

  @Test
  void aDraftIsReadToo() throws Exception {
    var run = Given.run("");
    var bytes = single();
    var sha256 = Given.artifact(bytes);
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"model.safetensors\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(sha256, bytes.length))
        .statusCode(201)
        .body("weightsDigest", nullValue());
    var raw = Given.download(run + "/checkpoints/step1/tensors/embed.weight?format=raw");
    assertThat(Safetensors.floats(raw.body(), 0)).isEqualTo(EMBEDDING);
    assertThat(raw.headers().firstValue("cache-control")).contains("no-cache");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | another one has its bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | the file has 8 after its header",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | twice",
        "no header at all | does not begin with the header",
      })
  void whatIsNoSafetensorsFileIsSealedAndFound(String header, String reason) throws Exception {
    var run = Given.run("");
    var bytes = Safetensors.file(header.replace('\'', '"'), new byte[8]);
    seal(run, 1, Map.of("model.safetensors", bytes))
        .statusCode(200)
        .body("weightsDigest", nullValue());
    given()
        .get(run + "/findings")
        .then()
        .body("items", hasSize(1))
        .body("items[0].class", equalTo("malformed-safetensors"))
        .body("items[0].checkpoint", equalTo("step1"))
        .body("items[0].subject", equalTo("checkpoint step1 file model.safetensors"))
        .body("items[0].evidence.reason", containsString(reason));
    given().get(run + "/checkpoints/step1/tensors").then().body("items", hasSize(0));
  }

  @Test
  void aShardIndexThatSaysSomethingElseIsFound() throws Exception {
    var one = new Safetensors().floats("a", List.of(1), 1).floats("b", List.of(1), 2).bytes();
    var two = new Safetensors().floats("c", List.of(1), 3).bytes();
    var index =
        "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"1.safetensors\",\"c\":\"1.safetensors\",\"d\":\"3.safetensors\"}}";
    var run = Given.run("");
    seal(
            run,
            1,
            Map.of(
                "1.safetensors",
                one,
                "2.safetensors",
                two,
                "model.safetensors.index.json",
                index.getBytes(StandardCharsets.UTF_8)))
        .statusCode(200)
        .body("weightsDigest", nullValue());
    given()
        .get(run + "/findings")
        .then()
        .body("items", hasSize(1))
        .body("items[0].class", equalTo("shard-index-mismatch"))
        .body("items[0].evidence.missingShards.first", equalTo(List.of("3.safetensors")))
        .body("items[0].evidence.notInShard.first", equalTo(List.of("c", "d")))
        .body("items[0].evidence.notInIndex.first", equalTo(List.of("b")));
  }

  @Test
  void layoutsThatDifferAreFound() throws Exception {
    var run = Given.run("");
    var other = new Safetensors().floats("embed.weight", List.of(4, 3), EMBEDDING).bytes();
    seal(run, 1, Map.of("model.safetensors", single(), "consolidated.safetensors", other))
        .statusCode(200)
        .body("weightsDigest", equalTo(expectedDigest(NORM)));
    given()
        .get(run + "/findings")
        .then()
        .body("items", hasSize(1))
        .body("items[0].class", equalTo("weight-layouts-differ"))
        .body("items[0].evidence.primary", equalTo("model.safetensors"));
  }

  @Test
  void aConfigurationThatContradictsTheShapesIsFound() throws Exception {
    var weights =
        new Safetensors()
            .floats("gpt_neox.embed_in.weight", List.of(4, 3), EMBEDDING)
            .floats("gpt_neox.layers.0.mlp.dense_h_to_4h.weight", List.of(4, 3), EMBEDDING)
            .floats("gpt_neox.layers.1.mlp.dense_h_to_4h.weight", List.of(4, 3), EMBEDDING)
            .bytes();
    var config =
        "{\"model_type\":\"gpt_neox\",\"vocab_size\":%d,\"hidden_size\":3,\"intermediate_size\":4,\"num_hidden_layers\":%d}";
    var run = Given.run("");
    seal(
            run,
            1,
            Map.of(
                "model.safetensors",
                weights,
                "config.json",
                config.formatted(4, 2).getBytes(UTF_8)))
        .statusCode(200);
    given().get(run + "/findings").then().body("items", hasSize(0));
    seal(
            run,
            2,
            Map.of(
                "model.safetensors",
                weights,
                "config.json",
                config.formatted(5, 3).getBytes(UTF_8)))
        .statusCode(200);
    given()
        .get(run + "/findings?class=configuration-contradicts-shapes")
        .then()
        .body("items", hasSize(1))
        .body("items[0].subject", equalTo("checkpoint step2 file config.json"))
        .body(
            "items[0].evidence.contradictions.field",
            equalTo(List.of("vocab_size", "num_hidden_layers")))
        .body("items[0].evidence.contradictions[0].configured", equalTo(5))
        .body("items[0].evidence.contradictions[0].shape", equalTo(List.of(4, 3)))
        .body("items[0].evidence.contradictions[1].layersOfTensors", equalTo(2));
  }

  @Test
  void aMalformedShardIndexIsFound() throws Exception {
    var run = Given.run("");
    seal(
            run,
            1,
            Map.of(
                "model.safetensors",
                single(),
                "model.safetensors.index.json",
                "{\"weight_map\":[]}".getBytes(StandardCharsets.UTF_8)))
        .statusCode(200)
        .body("weightsDigest", equalTo(expectedDigest(NORM)));
    given()
        .get(run + "/findings")
        .then()
        .body("items.class", equalTo(List.of("malformed-shard-index")))
        .body("items[0].evidence.reason", containsString("weight_map is not a JSON object"));
  }
}
