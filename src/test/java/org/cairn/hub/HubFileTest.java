package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;
import static org.cairn.hub.Repo.plain;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;

/** Files as clients of the Hub fetch them, where they are sent to the store. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubFileTest {

  private static final byte[] CONFIG = bytes("{\"model_type\":\"gpt_neox\"}");
  private static final String COMMIT = "[0-9a-f]{40}";

  private static byte[] weights(int floats) {
    return new Safetensors()
        .floats("embed.weight", List.of(floats), Safetensors.values(floats, floats))
        .bytes();
  }

  /** No answer may send clients to the protocol of another store. */
  private static ValidatableResponse withoutXet(ValidatableResponse answer) {
    answer
        .extract()
        .headers()
        .forEach(
            header -> assertThat(header.getName().toLowerCase(Locale.ROOT)).doesNotContain("xet"));
    return answer;
  }

  @Test
  void headIsAnsweredHereAndGetByTheStore() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("config.json", CONFIG));
    var tag = "\"" + Sha256.of(CONFIG) + "\"";
    var commit =
        withoutXet(repo.head("step1/config.json", "Accept-Encoding", "gzip, br"))
            .statusCode(200)
            .header("X-Repo-Commit", matchesPattern(COMMIT))
            .header("ETag", equalTo(tag))
            .header("X-Linked-ETag", equalTo(tag))
            .header("X-Linked-Size", equalTo(String.valueOf(CONFIG.length)))
            .header("Content-Length", equalTo(String.valueOf(CONFIG.length)))
            .header("Accept-Ranges", equalTo("bytes"))
            .header("Content-Encoding", anyOf(nullValue(), equalTo("identity")))
            .header("Cache-Control", equalTo("no-cache"))
            .extract()
            .header("X-Repo-Commit");
    withoutXet(repo.get("step1/config.json"))
        .statusCode(307)
        .header("Location", containsString("X-Amz-Signature"))
        .header("X-Repo-Commit", equalTo(commit))
        .header("ETag", equalTo(tag))
        .header("X-Linked-Size", equalTo(String.valueOf(CONFIG.length)));
    assertThat(Given.download(repo.resolve("step1/config.json")).body()).isEqualTo(CONFIG);
    repo.head(commit + "/config.json")
        .statusCode(200)
        .header("X-Repo-Commit", equalTo(commit))
        .header("Cache-Control", containsString("immutable"));
    // What a query says does not change what is there.
    repo.head("step1/config.json?download=true").statusCode(200).header("ETag", equalTo(tag));
    plain()
        .head("/" + repo.project() + "/" + repo.name() + "/raw/step1/config.json")
        .then()
        .statusCode(200)
        .header("ETag", equalTo(tag));
  }

  @Test
  void whatIsMissingIsSaidInTheClientsWords() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("config.json", CONFIG, "sub/a.txt", bytes("a")));
    var commit = repo.commit("step1");
    for (var path : List.of("generation_config.json", "sub", "sub/", "a//b", "..%2Fconfig.json")) {
      for (var revision : List.of("step1", commit)) {
        repo.head(revision + "/" + path)
            .statusCode(404)
            .header("X-Error-Code", equalTo("EntryNotFound"))
            .header("X-Repo-Commit", equalTo(commit))
            .header("X-Error-Message", containsString("does not exist on"));
      }
    }
    repo.get("step1/nothing")
        .statusCode(404)
        .contentType("application/json")
        .body("error", equalTo("nothing does not exist on \"step1\""));
    for (var revision :
        List.of("step2", "refs%2Fpr%2F1", "refs/pr/1", "0".repeat(40), "step%00", "a/b/c")) {
      repo.get(revision + "/config.json")
          .statusCode(revision.contains("%00") ? 400 : 404)
          .header("X-Repo-Commit", nullValue())
          .header(
              "X-Error-Code", revision.contains("%00") ? nullValue() : equalTo("RevisionNotFound"));
    }
    var nowhere = "/" + repo.project() + "/nowhere/resolve/main/config.json";
    plain()
        .head(nowhere)
        .then()
        .statusCode(401)
        .header("X-Error-Code", equalTo("RepoNotFound"))
        .header("X-Error-Message", equalTo("Invalid username or password."));
    plain()
        .header("Authorization", "Bearer hf_x")
        .get(nowhere)
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("RepoNotFound"))
        .body("error", equalTo("Repository not found"));
    // A token that nobody knows is no hindrance.
    repo.head("step1/config.json", "Authorization", "Bearer hf_x").statusCode(200);
  }

  @Test
  void pathsAreWhatTheySay() throws Exception {
    var odd = "sub dir/a+b #1 %é.txt";
    var repo = Repo.create().sealed(1, Map.of(odd, bytes("odd")));
    var encoded = "sub%20dir/a%2Bb%20%231%20%25%C3%A9.txt";
    repo.head("step1/" + encoded).statusCode(200).header("Content-Length", equalTo("3"));
    repo.head("step1/" + encoded.replace("/", "%2F").replace("%2B", "+")).statusCode(200);
  }

  @Test
  void emptyFilesTakeARange() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("empty.txt", new byte[0]));
    repo.head("step1/empty.txt").statusCode(200).header("Content-Length", equalTo("0"));
    repo.get("step1/empty.txt", "Range", "bytes=0-0")
        .statusCode(200)
        .header("Content-Range", equalTo("bytes */0"))
        .header("Content-Length", equalTo("0"))
        .header("ETag", startsWith("\"e3b0c442"));
    assertThat(Given.download(repo.resolve("step1/empty.txt")).body()).isEmpty();
  }

  @Test
  void rangesBeyondTheEndAreRefusedHere() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("config.json", CONFIG));
    repo.get("step1/config.json", "Range", "bytes=" + CONFIG.length + "-")
        .statusCode(416)
        .header("Content-Range", equalTo("bytes */" + CONFIG.length));
    var answer = Given.download(repo.resolve("step1/config.json"), "Range", "bytes=0-100000");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.headers().firstValue("Content-Range"))
        .contains("bytes 0-%d/%d".formatted(CONFIG.length - 1, CONFIG.length));
    repo.get("step1/config.json", "If-None-Match", "\"" + Sha256.of(CONFIG) + "\"")
        .statusCode(304)
        .header("X-Repo-Commit", equalTo(repo.commit("step1")));
  }

  @Test
  void headersOfSafetensorsFilesAreAnsweredHere() throws Exception {
    var file = weights(30_000);
    var repo = Repo.create().sealed(1, Map.of("model.safetensors", file));
    int end = 8 + Math.toIntExact(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
    for (var range : List.of("0-0", "0-7", "8-" + (end - 1), "3-5")) {
      int dash = range.indexOf('-');
      int from = Integer.parseInt(range.substring(0, dash));
      int to = Integer.parseInt(range.substring(dash + 1));
      var bytes =
          repo.get("step1/model.safetensors", "Range", "bytes=" + range)
              .statusCode(206)
              .header("Content-Range", equalTo("bytes " + range + "/" + file.length))
              .header("Content-Length", equalTo(String.valueOf(to - from + 1)))
              .header("ETag", equalTo("\"" + Sha256.of(file) + "\""))
              .header("X-Repo-Commit", matchesPattern(COMMIT))
              .extract()
              .asByteArray();
      assertThat(bytes).isEqualTo(Arrays.copyOfRange(file, from, to + 1));
    }
    // The first look of huggingface_hub, of which it uses the header only.
    assertThat(
            repo.get("step1/model.safetensors", "Range", "bytes=0-100000")
                .statusCode(206)
                .header("Content-Range", equalTo("bytes 0-%d/%d".formatted(end - 1, file.length)))
                .extract()
                .asByteArray())
        .isEqualTo(Arrays.copyOf(file, end));
    // Whatever else is of the data is the store's.
    for (var range : List.of("0-" + end, "0-100001", "0-99999", end + "-" + end, "8-")) {
      repo.get("step1/model.safetensors", "Range", "bytes=" + range).statusCode(307);
    }
    repo.get("step1/model.safetensors", "Range", "bytes=0-7", "If-Range", "\"other\"")
        .statusCode(200);
    var small = weights(100);
    repo.sealed(2, Map.of("model.safetensors", small));
    assertThat(
            Given.download(repo.resolve("step2/model.safetensors"), "Range", "bytes=0-100000")
                .body())
        .isEqualTo(small);
  }

  @Test
  void aFileWhoseBytesAreOnTheirWayIsNotMissing() {
    var repo = Repo.create();
    Given.post(
            repo.run() + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"a\",\"sha256\":\"%s\",\"size\":5}]}"
                .formatted(Sha256.of(bytes(repo.project()))))
        .statusCode(201);
    for (var answer : List.of(repo.head("step1/a"), repo.get("step1/a"))) {
      answer
          .statusCode(409)
          .header("X-Error-Code", nullValue())
          .header("X-Error-Message", equalTo("The bytes of a have not arrived yet"));
    }
  }

  @Test
  void otherAddressesKeepTheirMeaning() throws Exception {
    plain()
        .get("/v1/projects/resolve")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    plain()
        .get("/v1/projects/resolve/runs/x")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    plain().get("/q/openapi").then().statusCode(200);
    plain().get("/nothing/at/this/address").then().statusCode(404);
    plain()
        .get("/api/models/a/b/lfs-files")
        .then()
        .statusCode(404)
        .contentType("application/json")
        .body("error", equalTo("Nothing is at this address"));
    plain()
        .get("/api/spaces/a/b")
        .then()
        .statusCode(401)
        .header("X-Error-Code", equalTo("RepoNotFound"));
    plain()
        .header("Origin", "https://example.org")
        .head(Repo.create().resolve("main/x"))
        .then()
        .header("Access-Control-Allow-Origin", startsWith("http"))
        .header("Access-Control-Expose-Headers", containsString("X-Repo-Commit"));
  }
}
