package org.cairn.hub;

import static org.cairn.hub.Repo.bytes;
import static org.cairn.hub.Repo.plain;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a repository beyond its files. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubInfoTest {

  private static final byte[] CONFIG =
      bytes(
          "{\"architectures\":[\"GPTNeoXForCausalLM\"],\"model_type\":\"gpt_neox\",\"vocab_size\":512}");
  private static final byte[] TOKENIZER =
      bytes(
          "{\"eos_token\":{\"content\":\"<|end|>\"},\"pad_token\":null,\"chat_template\":\"x\",\"add_prefix_space\":true}");

  @Test
  void aModelIsToldByItsOwnConfiguration() throws Exception {
    var repo =
        Repo.create()
            .sealed(1, Map.of("config.json", CONFIG, "tokenizer_config.json", TOKENIZER))
            .sealed(2, Map.of("config.json", bytes("{\"model_type\":\"llama\"}")))
            .sealed(3, Map.of("sub/config.json", CONFIG));
    // Twice: what was read before is told again.
    for (int i = 0; i < 2; i++) {
      plain()
          .get(repo.api() + "/revision/step1")
          .then()
          .statusCode(200)
          .body("config.architectures", equalTo(List.of("GPTNeoXForCausalLM")))
          .body("config.model_type", equalTo("gpt_neox"))
          .body("config", not(hasKey("vocab_size")))
          .body("config.tokenizer_config.eos_token.content", equalTo("<|end|>"))
          .body("config.tokenizer_config.chat_template", equalTo("x"))
          .body("config.tokenizer_config", hasKey("pad_token"))
          .body("config.tokenizer_config", not(hasKey("add_prefix_space")));
    }
    plain()
        .get(repo.api() + "/revision/step2")
        .then()
        .body("config", equalTo(Map.of("model_type", "llama")));
    plain().get(repo.api() + "/revision/step3").then().body("", not(hasKey("config")));
  }

  /** Such a file is still served as it is, but there is nothing to tell of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[1]",
        "null",
        "\"text\"",
        "{\"model_type\":\"a\"",
        "{\"model_type\":\"a\",\"model_type\":\"b\"}",
        "{\"model_type\":NaN}",
        "{\"model_type\":\"a\"} trailing"
      })
  void aConfigurationThatIsNoneIsLeftOut(String config) throws Exception {
    var repo = Repo.create().draft(1, "", Map.of("config.json", bytes(config)));
    plain()
        .get(repo.api())
        .then()
        .statusCode(200)
        .body("", not(hasKey("config")))
        .body("siblings", hasSize(1));
  }

  @Test
  void aConfigurationThatIsTooLongOrNotHereYetIsLeftOut() throws Exception {
    var repo =
        Repo.create()
            .draft(
                1,
                "",
                Map.of("config.json", bytes("{\"model_type\":\"" + "x".repeat(1 << 20) + "\"}")));
    Given.post(
            repo.run() + "/checkpoints",
            "{\"step\":2,\"files\":[{\"path\":\"config.json\",\"sha256\":\"%s\",\"size\":5}]}"
                .formatted(Sha256.of(bytes(repo.project()))))
        .statusCode(201);
    for (var revision : List.of("step1", "step2")) {
      plain()
          .get(repo.api() + "/revision/" + revision)
          .then()
          .statusCode(200)
          .body("", not(hasKey("config")))
          .body("siblings", hasSize(1));
    }
  }

  @Test
  void storageCountsEqualBytesOnce() throws Exception {
    var repo =
        Repo.create()
            .sealed(1, Map.of("a", bytes("12345"), "b", bytes("12345"), "c", bytes("123")))
            .sealed(2, Map.of("a", bytes("12345"), "d", bytes("1234567")));
    for (var revision : List.of("", "/revision/main", "/revision/step1?expand=usedStorage")) {
      plain().get(repo.api() + revision).then().body("usedStorage", equalTo(5 + 3 + 7));
    }
    plain().get(repo.api() + "/revision/step1").then().body("", not(hasKey("usedStorage")));
    plain().get(Repo.create().api()).then().body("usedStorage", equalTo(0));
    var datasets = "/v1/projects/" + repo.project() + "/datasets";
    Given.post(datasets, "{\"name\":\"data\"}").statusCode(201);
    for (var version : List.of("v1", "v2")) {
      Given.post(
              datasets + "/data/versions",
              "{\"version\":\"%s\",\"files\":[%s,{\"path\":\"far\",\"size\":100,\"location\":\"https://example.org/x\"}]}"
                  .formatted(
                      version, Repo.entries(Map.of("x", bytes("12345"), "y", bytes(version)))))
          .statusCode(201);
    }
    plain()
        .get("/api/datasets/" + repo.project() + "/data")
        .then()
        .body("usedStorage", equalTo(5 + 2 + 2))
        .body("", not(hasKey("config")));
  }

  /** Python repeats one word, JavaScript another. */
  @Test
  void whatIsAskedForByNameIsAnsweredAlone() throws Exception {
    var weights = new Safetensors().floats("w", List.of(2), 1f, 2f).bytes();
    var repo = Repo.create().sealed(1, Map.of("config.json", CONFIG, "model.safetensors", weights));
    var fields = List.of("siblings", "safetensors", "config", "usedStorage");
    for (var field : fields) {
      for (var word : List.of("expand", "expand[]", "expand%5B%5D")) {
        var answer =
            plain()
                .get(repo.api() + "/revision/step1?" + word + "=likes&" + word + "=" + field)
                .then()
                .statusCode(200)
                .body("_id", notNullValue())
                .body("id", equalTo(repo.project() + "/run"))
                .body("sha", equalTo(repo.commit("step1")))
                .body("likes", equalTo(0))
                .body("lastModified", notNullValue());
        for (var other : fields) {
          answer.body(other, other.equals(field) ? notNullValue() : nullValue());
        }
      }
    }
  }
}
