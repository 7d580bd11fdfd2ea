package org.cairn.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

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

  static Contract parse(String yaml) {
    Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new Contract((ObjectNode) new ObjectMapper().<JsonNode>valueToTree(document));
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
