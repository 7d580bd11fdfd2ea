package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.cairn.platform.JsonLimits;
import org.junit.jupiter.api.Test;

/** docs/problems.md has every kind of problem, each as the service answers it. */
class ProblemsDocTest {

  private static final Pattern SECTION =
      Pattern.compile(
          "(?ms)^## (?<slug>[a-z-]+)\n\n(?<status>\\d{3} [^.]+|Any other status)\\. (?<text>[^\n]+)\n\n"
              + "```json\n(?<example>.*?)\n```$");

  private record Section(String status, JsonNode example) {}

  @Test
  void describesEveryKindInItsOrder() throws IOException {
    assertThat(sections().keySet())
        .containsExactlyElementsOf(
            Arrays.stream(ProblemType.values()).map(ProblemType::slug).toList());
  }

  @Test
  void everyExampleIsWhatTheServiceAnswers() throws IOException {
    var sections = sections();
    for (var type : ProblemType.values()) {
      var section = Objects.requireNonNull(sections.get(type.slug()), type.slug());
      var example = section.example();
      assertThat(example.path("type").asText()).isEqualTo(type.uri().toString());
      if (type == ProblemType.HTTP) {
        continue; // any status
      }
      assertThat(example.path("status").asInt()).isEqualTo(type.status().getStatusCode());
      assertThat(example.path("title").asText()).isEqualTo(type.status().getReasonPhrase());
      assertThat(section.status())
          .isEqualTo(type.status().getStatusCode() + " " + type.status().getReasonPhrase());
    }
  }

  @Test
  void everyExampleHasTheShapeOfAProblem() throws IOException {
    var json = JsonLimits.mapper();
    for (var section : sections().values()) {
      var problem = json.treeToValue(section.example(), Problem.class);
      assertThat(json.<JsonNode>valueToTree(problem)).isEqualTo(section.example());
    }
  }

  private static Map<String, Section> sections() throws IOException {
    var sections = new LinkedHashMap<String, Section>();
    var matcher = SECTION.matcher(Files.readString(Path.of("docs/problems.md")));
    while (matcher.find()) {
      sections.put(
          matcher.group("slug"),
          new Section(
              matcher.group("status"), JsonLimits.mapper().readTree(matcher.group("example"))));
    }
    return sections;
  }
}
