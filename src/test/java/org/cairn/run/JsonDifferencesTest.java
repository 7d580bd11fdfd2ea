package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Objects;
import java.util.SplittableRandom;
import org.cairn.platform.JsonLimits;
import org.cairn.run.JsonDifferences.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDifferencesTest {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"a\":1}; {\"a\":1.0}",
        "{\"eps\":\"1e-8\"}; {\"eps\":0.00000001}",
        "{\"train-iters\":5}; {\"train_iters\":5}",
        "{\"a\":null}; {}",
        "{\"a\":[1,\"2\"]}; {\"a\":[1.0,2]}"
      })
  void whatMeansTheSameDoesNotDiffer(String left, String right) throws JsonProcessingException {
    assertThat(JsonDifferences.between(JSON.readTree(left), JSON.readTree(right))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"a\":9007199254740993}; {\"a\":9007199254740992}; a",
        "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]}}; {\"a\":{\"b\":[{\"c\":1},{\"c\":3}]}}; a.b[1].c",
        "{\"a\":[1,2]}; {\"a\":[2,1]}; a",
        "{\"a\":[1]}; {\"a\":[1,1]}; a",
        "{\"a\":true}; {\"a\":\"true\"}; a",
        "{\"a\":{}}; {}; a",
        "{\"a\":\"x\"}; {\"a\":\"X\"}; a",
        "{\"a\":\"1\"}; {\"a\":\"1.0\"}; a"
      })
  void whatDiffersIsToldByItsPlace(String left, String right, String key)
      throws JsonProcessingException {
    assertThat(JsonDifferences.between(JSON.readTree(left), JSON.readTree(right)))
        .extracting(Difference::key)
        .containsExactly(key);
  }

  @Test
  void nothingDiffersFromItselfAndBothDirectionsTellTheSame() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      var left = any(random, 4);
      var right = any(random, 4);
      assertThat(JsonDifferences.between(left, left.deepCopy())).isEmpty();
      assertThat(JsonDifferences.between(right, left))
          .extracting(d -> new Difference(d.key(), /* left= */ d.right(), /* right= */ d.left()))
          .isEqualTo(JsonDifferences.between(left, right));
    }
  }

  private static JsonNode any(SplittableRandom random, int depth) {
    var nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> nodes.numberNode(random.nextInt(3));
      case 1 -> nodes.textNode("" + random.nextInt(3));
      case 2 -> nodes.nullNode();
      case 3 -> nodes.booleanNode(random.nextBoolean());
      case 4 -> {
        var array = nodes.arrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          array.add(any(random, depth - 1));
        }
        yield array;
      }
      default -> {
        var object = nodes.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set("k" + random.nextInt(3), any(random, depth - 1));
        }
        yield object;
      }
    };
  }

  @Test
  void aLongListIsShownByWhatTheOtherHasNot() {
    var left = JsonNodeFactory.instance.arrayNode();
    var right = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < 1_133; i++) {
      left.add("https://olmo-data.org/part-" + i + ".npy");
      right.add("https://olmo-data.org/part-" + (i < 1_100 ? i : i + 1_000) + ".npy");
    }
    var shown = Objects.requireNonNull(JsonDifferences.shown(left, right));
    assertThat(shown.path("elements").asInt()).isEqualTo(1_133);
    assertThat(shown.path("onlyHere").asInt()).isEqualTo(33);
    assertThat(shown.path("examples").get(0).asText())
        .isEqualTo("https://olmo-data.org/part-1100.npy");
    assertThat(shown.path("sha256").asText()).hasSize(64);
    var text = JsonNodeFactory.instance.textNode("\ud83e\udeb5".repeat(3_000));
    assertThat(JsonDifferences.shown(text, null)).isNotNull().hasSizeLessThan(4);
    assertThat(JsonDifferences.shown(left.get(0), null)).isEqualTo(left.get(0));
  }
}
