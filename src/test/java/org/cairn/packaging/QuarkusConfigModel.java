package org.cairn.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What Quarkus reads: the model of its configuration that each of its extensions ships. */
record QuarkusConfigModel(Map<String, Entry> entries) {

  private static final String RESOURCE = "META-INF/quarkus-config-doc/quarkus-config-model.json";

  /** Where a map is, any text between quotes stands for its key. */
  private static final String MAP_KEY = "\"[^\"]+\"";

  record Entry(boolean runTime, String defaultValue) {}

  static QuarkusConfigModel load() {
    var entries = new HashMap<String, Entry>();
    var json = new ObjectMapper();
    try {
      var resources = QuarkusConfigModel.class.getClassLoader().getResources(RESOURCE);
      for (var resource : Collections.list(resources)) {
        try (var in = resource.openStream()) {
          collect(json.readTree(in), entries);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new QuarkusConfigModel(Map.copyOf(entries));
  }

  boolean knows(String key) {
    return entries.containsKey(key)
        || entries.keySet().stream()
            .filter(known -> known.indexOf('"') >= 0)
            .anyMatch(known -> key.matches(pattern(known)));
  }

  /** Whether the packaged program still looks at the key, or the build decided it for good. */
  boolean isRunTime(String key) {
    var entry = entries.get(key);
    return entry != null && entry.runTime();
  }

  String defaultOf(String key) {
    var entry = entries.get(key);
    return entry == null ? "" : entry.defaultValue();
  }

  private static String pattern(String known) {
    return known.replace(".", "\\.").replaceAll(MAP_KEY, "(\"[^\"]+\"|[^.]+)");
  }

  private static void collect(JsonNode node, Map<String, Entry> entries) {
    if (node.path("path").has("property")) {
      var entry =
          new Entry(
              node.path("phase").asText().equals("RUN_TIME"), node.path("defaultValue").asText(""));
      entries.put(node.path("path").path("property").asText(), entry);
      node.path("additionalPaths").forEach(p -> entries.put(p.path("property").asText(), entry));
    }
    node.forEach(child -> collect(child, entries));
  }
}
