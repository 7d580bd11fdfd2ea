package org.cairn.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docker/compose.yaml as Compose reads it: YAML in which variables are put in their places. */
record Compose(Map<String, Object> document) {

  static final Path FILE = Path.of("docker/compose.yaml");

  /** A variable with what follows it: a default, or the reason why it has to be set. */
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Z0-9_]+)(?::([-?])([^}]*))?}|\\$\\$");

  static Compose with(Map<String, String> variables) {
    try {
      return new Compose(YamlFile.parse(interpolate(Files.readString(FILE), variables)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String interpolate(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> {
          if (found.group(1) == null) {
            return Matcher.quoteReplacement("$");
          }
          var value = variables.getOrDefault(found.group(1), "");
          if (value.isEmpty() && "?".equals(found.group(2))) {
            throw new IllegalArgumentException(found.group(1) + ": " + found.group(3));
          }
          return Matcher.quoteReplacement(
              value.isEmpty() && found.group(3) != null ? found.group(3) : value);
        });
  }

  /** The variables that stand in the file. */
  static Set<String> variables() throws IOException {
    var names = new TreeSet<String>();
    var matcher = VARIABLE.matcher(Files.readString(FILE));
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  Map<String, Map<String, Object>> services() {
    var services = new LinkedHashMap<String, Map<String, Object>>();
    map(document.get("services")).forEach((name, service) -> services.put(name, map(service)));
    return services;
  }

  Map<String, Object> service(String name) {
    return services().get(name);
  }

  Map<String, String> environment(String service) {
    var environment = new LinkedHashMap<String, String>();
    map(service(service).get("environment"))
        .forEach((name, value) -> environment.put(name, value.toString()));
    return environment;
  }

  List<String> healthCheck(String service) {
    return list(map(service(service).get("healthcheck")).get("test"));
  }

  static Map<String, Object> map(Object value) {
    var map = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, entry) -> map.put(String.valueOf(key), entry));
    }
    return map;
  }

  static List<String> list(Object value) {
    return value instanceof List<?> items
        ? items.stream().map(String::valueOf).toList()
        : List.of();
  }
}
