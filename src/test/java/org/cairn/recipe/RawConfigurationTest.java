package org.cairn.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Objects;
import java.util.SplittableRandom;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.JsonLimits;
import org.cairn.testsupport.Hostile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawConfigurationTest {

  @Test
  void readsTheFlowMappingsOfNeoX() {
    var config =
        resolved(
            """
            {
              # parallelism settings
              "pipe-parallel-size": 1,
              "num_layers": 24, 'hidden-size': 2048,
              "optimizer": {
                "type": "Adam",
                "params": { "lr": 0.0002, "betas": [0.9, 0.95], "eps": 1.0e-8, }
              },
              "fp16": {"enabled": true, "loss_scale": 0, },
              "extra-save-iters": [0,1,2,4],
              "launcher": None,
            }
            """);
    assertThat(config.at("/optimizer/params/eps").decimalValue()).isEqualByComparingTo("1e-8");
    assertThat(config.at("/optimizer/params/betas/1").decimalValue()).isEqualByComparingTo("0.95");
    assertThat(config.path("pipe-parallel-size").isIntegralNumber()).isTrue();
    assertThat(config.at("/fp16/enabled").booleanValue()).isTrue();
    assertThat(config.path("launcher").textValue()).isEqualTo("None");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1e-8|1e-8",
        "-3E5|-300000",
        "1.5e3|1500",
        "1e21|1000000000000000000000",
        "739_328|739328",
        "0x1F|31",
        "0o17|\"0o17\"",
        "017|15",
        "0b11|3",
        "-7|-7",
        "+7|7",
        "0|0",
        "1.|1",
        ".5|0.5",
        "9223372036854775808|9223372036854775808",
        "yes|true",
        "Off|false",
        "null|null",
        "|null",
        ".inf|\".inf\"",
        ".NaN|\".NaN\"",
        "1e999|\"1e999\"",
        "12:30:00|\"12:30:00\"",
        "2024-01-31|\"2024-01-31\"",
        "2024-01-31T10:00:00Z|\"2024-01-31T10:00:00Z\"",
        "'1'|\"1\"",
        "\"1e-8\"|\"1e-8\"",
        "50e9T|\"50e9T\"",
        "1ep|\"1ep\"",
        "1.2.3|\"1.2.3\"",
        "v1|\"v1\"",
        "${paths.data}|\"${paths.data}\"",
        "!!binary aGVsbG8=|\"aGVsbG8=\"",
        "!!str 5|\"5\"",
        "!!int 5|5"
      })
  void readsScalarsAsTrainingCodeDoes(String yaml, String json) throws IOException {
    var value = resolved("a: " + (yaml == null ? "" : yaml)).path("a");
    var expected = JsonLimits.mapper().readTree(json == null ? "null" : json);
    if (expected.isNumber()) {
      assertThat(value.isNumber()).isTrue();
      assertThat(value.decimalValue()).isEqualByComparingTo(expected.decimalValue());
    } else {
      assertThat(value).isEqualTo(expected);
    }
  }

  @Test
  void mergesAnchors() {
    var config =
        resolved(
            """
            base: &base {lr: 1, wd: 2}
            other: &other {lr: 3, clip: 4}
            run:
              <<: [*base, *other]
              wd: 5
            list: [*base, *base]
            """);
    assertThat(config.path("run").toString()).isEqualTo("{\"wd\":5,\"lr\":1,\"clip\":4}");
    assertThat(config.path("list").get(1).path("wd").intValue()).isEqualTo(2);
  }

  @Test
  void readsJsonAsJson() {
    var config = resolved("{\"a\":\"1e-8\",\"on\":true,\"big\":9007199254740993}");
    assertThat(config.path("a").isTextual()).isTrue();
    assertThat(config.path("big").longValue()).isEqualTo(9_007_199_254_740_993L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   \n",
        "just a text",
        "- a\n- b",
        "a: [1, 2",
        "a: 1\na: 2",
        "a: b: c",
        "\ta: 1",
        "a: *nowhere",
        "a: &a [*a]",
        "a: &a {<<: *a}",
        "--- 1\n--- 2\n",
        "a: \"\\u0000\"",
        "? [x, y]\n: 1",
        "<<: 5",
        "a: !!python/object/apply:os.system [x]"
      })
  void keepsTheReasonWhyItDoesNotParse(String text) {
    var parsed = RawConfiguration.parse(text.getBytes(UTF_8));
    assertThat(parsed.resolved()).isNull();
    assertThat(parsed.parseError()).isNotBlank().doesNotContain("org.yaml", "java.");
  }

  @Test
  void tellsThePlaceOfTheFault() {
    var parsed = RawConfiguration.parse("ok: 1\nbroken: [1, 2\nnext: 3\n".getBytes(UTF_8));
    assertThat(parsed.parseError()).contains("line 3");
  }

  @Test
  void isBounded() {
    assertThat(error("a: " + "[".repeat(200) + "]".repeat(200))).contains("Depth");
    assertThat(error("a: " + "[".repeat(50_000))).isNotBlank();
    assertThat(error("a: 0x" + "f".repeat(98))).isNotBlank();
    assertThat(resolved("a: " + "9".repeat(101)).path("a").isTextual()).isTrue();
    assertThat(RawConfiguration.parse(new byte[] {'a', ':', (byte) 0xff}).parseError())
        .isEqualTo("is not UTF-8");
    var laughs = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'l'; c++) {
      laughs.append(c).append(": &").append(c).append(" [");
      laughs.append(("*" + (char) (c - 1) + ",").repeat(9)).append("]\n");
    }
    assertThat(error(laughs.toString())).contains("values");
    assertThat(error("a: " + "x".repeat(3 << 20))).isNotBlank();
  }

  @Test
  void aliasesOfALongTextDoNotMultiplyIt() {
    // 400 kB of aliases to 1 MB of text: 200 GB of JSON
    var text = "a: &a " + "x".repeat(1 << 20) + "\nb: [" + "*a,".repeat(200_000) + "]";
    assertThat(error(text)).contains("characters");
    var keys = "b: [&k " + "y".repeat(1_000_000) + "," + "{? *k : 1},".repeat(100) + "]";
    assertThat(error(keys)).isNotBlank();
  }

  @Test
  void whatIsNeitherJsonNorYamlIsKeptWithTheReason() {
    // OLMo and Marin have such files beside their YAML
    assertThat(error("[model]\nlayers = 12\n\n[optimizer]\nlr = 3e-4\n")).isNotBlank();
    assertThat(error("layers = 12\nlr = 3e-4\n")).contains("mapping");
    assertThat(error("\u0000\u0001PK")).isNotBlank();
  }

  @Test
  void whateverComesIsReadOrKeptWithAReason() {
    var random = new SplittableRandom(20261122);
    var yaml =
        "base: &base {lr: 1e-4, betas: [0.9, 0.95]}\nrun:\n  <<: *base\n  name: \"x\"\n  text: |\n    a\n    b\n";
    int understood = 0;
    for (int i = 0; i < 5_000; i++) {
      var text = random.nextInt(4) == 0 ? Hostile.text(random) : Hostile.mutated(random, yaml);
      var parsed = RawConfiguration.parse(text.getBytes(UTF_8));
      assertThat((parsed.resolved() == null) != (parsed.parseError() == null)).as(text).isTrue();
      if (parsed.resolved() != null) {
        understood++;
        CanonicalJson.digest(parsed.resolved());
      }
    }
    assertThat(understood).isGreaterThan(100);
  }

  @Test
  void aDigestIsTheSameBeforeAndAfterItWasStored() throws IOException {
    var config = resolved("flops: 1e21\nlr: 1.50e1\neps: 1e-8\nsteps: 5e12");
    // what a JSON column gives back
    var stored =
        JsonLimits.mapper()
            .readTree(
                "{\"flops\":1000000000000000000000,\"lr\":15.0,\"eps\":0.00000001,\"steps\":5000000000000}");
    assertThat(CanonicalJson.digest(config)).isEqualTo(CanonicalJson.digest(stored));
  }

  @Test
  void readsAConfigurationOfPythia() {
    // the beginning and the traps of models/1.4B/pythia-1.4b-deduped.yml
    var config =
        resolved(
            """
            {
              # parallelism settings
              "pipe-parallel-size": 1,
              "model-parallel-size": 1,

              "scaled-upper-triang-masked-softmax-fusion": true,
              "zero_optimization": {
                "stage": 1,
                "allgather_bucket_size": 500000000,
                },
              "train_micro_batch_size_per_gpu": 16,
              "extra-save-iters": [0,1,2,4,8,16,32,64,128,256,512],
              "data-path": "/fsx/pile_deduped/pile_20B_tokenizer_text_document",
              "wandb_group": "Pythia 1.4B",
              "split": "969,30,1",
            }
            """);
    assertThat(config.at("/zero_optimization/allgather_bucket_size").longValue())
        .isEqualTo(500_000_000);
    assertThat(config.path("split").textValue()).isEqualTo("969,30,1");
  }

  private static JsonNode resolved(String text) {
    var parsed = RawConfiguration.parse(text.getBytes(UTF_8));
    assertThat(parsed.parseError()).isNull();
    return Objects.requireNonNull(parsed.resolved());
  }

  private static String error(String text) {
    return Objects.requireNonNull(RawConfiguration.parse(text.getBytes(UTF_8)).parseError());
  }
}
