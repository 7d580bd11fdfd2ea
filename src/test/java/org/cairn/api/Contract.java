package org.cairn.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The committed contract, as a tree. */
record Contract(ObjectNode document) {

  static final Path FILE = Path.of("openapi/openapi.yaml");

  /** The contract of the last release, which the next one must not break. */
  static final Path BASELINE = Path.of("openapi/baseline.yaml");

  private static final Set<String> METHODS =
      Set.of("get", "head", "post", "put", "patch", "delete", "options");

  record Operation(String path, String method, JsonNode node) {
    String id() {
      return node.path("operationId").asText(method + " " + path);
    }
  }

  static Contract read() throws IOException {
    return parse(Files.readString(FILE));
  }

  /** Not with SnakeYAML alone, for which every time would be more than a text. */
  static Contract parse(String yaml) throws IOException {
    return new Contract((ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml));
  }

  String json() {
    return document.toString();
  }

  Contract copy() {
    return new Contract(document.deepCopy());
  }

  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          operations.add(new Operation(path.getKey(), method.getKey(), method.getValue()));
        }
      }
    }
    return operations;
  }
}
