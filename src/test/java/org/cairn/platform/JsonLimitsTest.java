package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.cairn.testsupport.Hostile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLimitsTest {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05Z,2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.1234567Z,2026-01-02T03:04:05.123456Z",
    "2026-01-02T03:04:05+02:00,2026-01-02T01:04:05Z"
  })
  void readsTimesAsRfc3339HasThem(String text, Instant expected) throws Exception {
    assertThat(JSON.readValue("\"" + text + "\"", Instant.class)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1700000000",
        "1e400",
        "\"1700000000\"",
        "\"2026-01-02\"",
        "\"2026-01-02T03:04:05\"",
        "\"+1000000000-12-31T23:59:59Z\"",
        "\"+294277-01-01T00:00:00Z\"",
        "\"-0044-03-15T12:00:00Z\"",
        "\"\"",
        "true",
        "[]",
        "{}"
      })
  void refusesWhatIsNoTimeOrCannotBeStored(String json) {
    assertThatThrownBy(() -> JSON.readValue(json, Instant.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void whateverComesIsReadOrRefused() {
    var random = new SplittableRandom(3);
    var document = "{\"a\":[1,2.5e3,\"x\\u00fc\",null,true],\"b\":{\"c\":{\"d\":-1}}}";
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = random.nextInt(4) == 0 ? Hostile.text(random) : Hostile.mutated(random, document);
      try {
        JSON.readValue(text, Map.class);
        read++;
      } catch (JsonProcessingException e) {
        assertThat(e).hasMessageNotContaining("StackOverflow");
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999999", "1e-99999999999999", "-0.1E+21474836480"})
  void anExponentIsBounded(String number) {
    assertThatThrownBy(() -> JSON.readTree("{\"a\":" + number + "}"))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JSON.readTree(("[" + number + "]").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() ->
            JSON.copy().readTree(new ByteArrayInputStream(number.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JSON.readValue("{\"a\":" + number + "}", Map.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> JSON.readTree("[".repeat(1_000_000)))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JSON.readTree("{\"a\":".repeat(65) + "1" + "}".repeat(65)))
        .isInstanceOf(JsonProcessingException.class);
  }
}
