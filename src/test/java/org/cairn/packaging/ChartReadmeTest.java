package org.cairn.packaging;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.Generated;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Every value of the chart is described, has a schema, is used, and stands in the README. */
class ChartReadmeTest {

  private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");

  /** A value with the comment that begins with {@code --} above it. */
  private record Value(List<String> path, String initial, String description) {

    String name() {
      return String.join(".", path);
    }
  }

  @Test
  void theReadmeListsEveryValue() throws IOException {
    var table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
    for (var value : values()) {
      table.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(value.name(), value.initial(), value.description().replace("|", "\\|")));
    }
    Generated.between("helm/cairn/README.md", "values-table").isUpToDateWith(table.toString());
  }

  @Test
  void everyValueIsDescribed() throws IOException {
    assertThat(values())
        .hasSizeGreaterThan(50)
        .allSatisfy(value -> assertThat(value.description()).as(value.name()).endsWith("."));
  }

  @Test
  void everyValueIsUsed() throws IOException {
    String templates;
    try (var files = Files.list(Chart.FOLDER.resolve("templates"))) {
      var texts = new ArrayList<String>();
      for (var file : files.toList()) {
        texts.add(Files.readString(file));
      }
      templates = String.join("\n", texts);
    }
    assertThat(values())
        .allSatisfy(value ->
            assertThat(uses(value.path()))
                .as(value.name())
                .anyMatch(use -> templates.matches("(?s).*" + use + "(?![A-Za-z.]).*")));
  }

  /** A value is used by its own name or with all that stands beside it. */
  private static List<String> uses(List<String> path) {
    var uses = new ArrayList<String>();
    for (int length = 1; length <= path.size(); length++) {
      uses.add("\\.Values\\." + String.join("\\.", path.subList(0, length)));
    }
    return uses;
  }

  @Test
  void everyValueHasASchemaAndEverySchemaAValue() throws IOException {
    var schema = new ObjectMapper().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    for (var value : values()) {
      var at = schema;
      for (var step : value.path()) {
        assertThat(at.path("additionalProperties").asBoolean(true)).as(value.name()).isFalse();
        at = at.path("properties").path(step);
      }
      assertThat(at.isMissingNode()).as(value.name()).isFalse();
    }
    var names = values().stream().map(value -> value.path().getFirst()).toList();
    schema
        .get("properties")
        .fieldNames()
        .forEachRemaining(
            name -> assertThat(names.contains(name) || name.equals("global")).isTrue());
  }

  private static List<Value> values() throws IOException {
    var options = new LoaderOptions();
    options.setProcessComments(true);
    try (var in = Files.newBufferedReader(VALUES)) {
      var found = new ArrayList<Value>();
      collect((MappingNode) new Yaml(options).compose(in), List.of(), found);
      return found;
    }
  }

  private static void collect(MappingNode node, List<String> parents, List<Value> found)
      throws IOException {
    Map<String, Object> initial = YamlFile.read(VALUES);
    for (var entry : node.getValue()) {
      var path = new ArrayList<>(parents);
      path.add(((ScalarNode) entry.getKeyNode()).getValue());
      var description = description(entry.getKeyNode());
      if (description.isEmpty() && entry.getValueNode() instanceof MappingNode inner) {
        collect(inner, path, found);
      } else {
        found.add(new Value(List.copyOf(path), json(at(initial, path)), description));
      }
    }
  }

  private static Object at(Map<String, Object> root, List<String> path) {
    Object at = root;
    for (var step : path) {
      at = Compose.map(at).get(step);
    }
    return at;
  }

  private static String json(Object value) throws JsonProcessingException {
    return new ObjectMapper().writeValueAsString(value);
  }

  private static String description(Node key) {
    var comments = key.getBlockComments();
    var text =
        comments == null
            ? ""
            : comments.stream().map(CommentLine::getValue).map(String::strip).collect(joining(" "));
    var from = text.indexOf("-- ");
    return from < 0 ? "" : text.substring(from + 3);
  }
}
