package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  @Test
  void sortsAndWritesLargeIntegersAsTexts() throws IOException {
    assertThat(canonical("{\"b\":9007199254740993,\"a\":[1.50,1e2,-0.0]}"))
        .isEqualTo("{\"a\":[1.5,100,0],\"b\":\"9007199254740993\"}");
  }

  @Test
  void tellsTheNumbersThatTheCanonicalFormDoesNotHold() throws IOException {
    var document =
        json(
            """
            {"max":9007199254740991,"over":9007199254740992,"min":-9223372036854775808,
             "text":"9007199254740993","a/b~c":[1,{"":11400714819323198485}],
             "half":0.5,"third":0.3333333333333333,"long":0.33333333333333333333,"big":1e300}
            """);
    assertThat(CanonicalJson.exactNumbers(document))
        .isEqualTo(
            json(
                """
                {"/over":"9007199254740992","/min":"-9223372036854775808",
                 "/a~1b~0c/1/":"11400714819323198485","/long":"0.33333333333333333333"}
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1.0, 1, 100, 0.10, -0.5, 9007199254740993, 0.33333333333333333333, 0.0000001, 1e300]",
        "{\"0\":[[0.33333333333333333333]],\"a/b~c\":{\"\":[{\"0\":-9007199254740993}]}}"
      })
  void isTheDocumentAgainWithItsNumbersPutBack(String text) throws IOException {
    var document = json(text);
    var read = json(canonical(text));
    CanonicalJson.putBack(read, CanonicalJson.exactNumbers(document));
    assertThat(JSON.writeValueAsString(read)).isEqualTo(JSON.writeValueAsString(document));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "100.0", "1e21", "1E+2", "0.10", "12345678901234567890"})
  void aNumberIsAnsweredAsItWillBeReadBack(String number) throws IOException {
    // jsonb writes every number plainly
    var answered = JSON.writeValueAsString(json("[" + number + "]"));
    assertThat(answered).doesNotContainIgnoringCase("e");
    assertThat(JSON.writeValueAsString(JSON.readTree(answered))).isEqualTo(answered);
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  private static String canonical(String text) throws IOException {
    return new String(CanonicalJson.bytes(json(text)), StandardCharsets.UTF_8);
  }
}
