package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.cairn.platform.ParsedLabel.Counts;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelGrammarsTest {

  /** A grammar, and a label that it gives as an example. */
  record Example(String grammar, JsonNode label) {
    @Override
    public String toString() {
      return grammar + " " + label.path("label").asText();
    }
  }

  static Stream<Example> examples() throws IOException {
    var examples = new ArrayList<Example>();
    try (var file = LabelGrammars.class.getResourceAsStream("label-grammars.json")) {
      var data = new ObjectMapper().readTree(file);
      for (var grammar : data.path("grammars")) {
        assertThat(grammar.path("source").asText()).isNotEmpty();
        assertThat(grammar.path("examples")).isNotEmpty();
        grammar
            .path("examples")
            .forEach(label -> examples.add(new Example(grammar.path("name").asText(), label)));
      }
      data.path("folders").path("examples").forEach(label -> examples.add(new Example("", label)));
    }
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void eachGrammarReadsItsExamples(Example example) {
    var expected = example.label();
    var read = LabelGrammars.parse(expected.path("label").asText()).orElseThrow();
    if (!example.grammar().isEmpty() && read.revision() == null) {
      assertThat(read.grammar()).isEqualTo(example.grammar());
    }
    assertThat(read.repository()).isEqualTo(expected.path("repository").textValue());
    assertThat(read.stage()).isEqualTo(expected.path("stage").asText());
    assertThat(read.branch()).isEqualTo(expected.path("branch").asText());
    assertThat(read.step()).isEqualTo(expected.has("step") ? expected.path("step").asLong() : null);
    assertThat(read.merged())
        .isEqualTo(expected.path("merged").valueStream().map(JsonNode::asLong).toList());
    var tokens = read.tokens();
    assertThat(tokens == null ? null : tokens.tokens())
        .isEqualTo(expected.has("tokens") ? expected.path("tokens").asLong() : null);
  }

  @Test
  void theNumberOfACheckpointIsNoStep() {
    assertThat(LabelGrammars.parse("ckpt_100").orElseThrow().counts())
        .isEqualTo(Counts.CHECKPOINTS);
    assertThat(LabelGrammars.parse("ckpt_1000").orElseThrow().counts()).isEqualTo(Counts.UPDATES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deeper-starling",
        "main",
        "step",
        "step1x",
        "step1234567890123456789",
        "step999999999999999999k",
        "step1-tokens999999999999999999T",
        "https://example.org/",
        "https://example.org",
        "https://step5",
        "gs://",
        "/",
        "@",
        "a/b@"
      })
  void whatFollowsNoGrammarIsOpaque(String label) {
    assertThat(LabelGrammars.parse(label)).isEmpty();
  }

  @Test
  void noLabelTakesLong() {
    var random = new SplittableRandom(7);
    var pieces =
        List.of(
            "step",
            "-",
            "_",
            "/",
            "1",
            "9999",
            "k",
            "tokens",
            "stage",
            "ingredient",
            ".",
            "+",
            "epoch=",
            "hf",
            "unsharded",
            "@",
            "://",
            "a",
            "é",
            "seed",
            "B",
            "T");
    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 20_000; i++) {
            var label = new StringBuilder();
            var piece = pieces.get(random.nextInt(pieces.size()));
            for (int j = random.nextInt(150); j >= 0; j--) {
              label.append(piece);
              if (random.nextInt(4) == 0) {
                piece = pieces.get(random.nextInt(pieces.size()));
              }
            }
            LabelGrammars.parse(label.toString())
                .ifPresent(read -> assertThat(read.grammar()).isNotEmpty());
          }
        });
  }
}
