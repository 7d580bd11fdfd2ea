package org.cairn.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** openapi-examples.yaml: for each operation a request and every answer but failures. */
final class OperationExamples {

  private static final String RESOURCE = "/openapi-examples.yaml";

  /** What an operation is sent, if it reads a body, and what it answers under which status. */
  record Example(@Nullable Object request, Map<String, Answer> answers) {}

  /** {@code bytes}: the answer is the content of a file. */
  record Answer(String description, @Nullable Object value, boolean bytes) {}

  private final Map<String, Example> examples;

  private OperationExamples(Map<String, Example> examples) {
    this.examples = examples;
  }

  static OperationExamples load() {
    try (var in = OperationExamples.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OperationExamples parse(InputStream in) {
    var document = map(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(in));
    var examples = new LinkedHashMap<String, Example>();
    document.forEach((operation, entry) -> examples.put(operation, example(map(entry))));
    return new OperationExamples(examples);
  }

  private static Example example(Map<String, Object> entry) {
    var answers = new LinkedHashMap<String, Answer>();
    map(entry.get("answers"))
        .forEach((status, value) -> {
          var answer = map(value);
          answers.put(
              status,
              new Answer(
                  String.valueOf(answer.get("description")),
                  answer.get("value"),
                  Boolean.TRUE.equals(answer.get("bytes"))));
        });
    return new Example(entry.get("request"), answers);
  }

  private static Map<String, Object> map(@Nullable Object value) {
    var map = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, entry) -> map.put(String.valueOf(key), entry));
    }
    return map;
  }

  @Nullable Example of(@Nullable String operation) {
    return operation == null ? null : examples.get(operation);
  }

  Set<String> operations() {
    return examples.keySet();
  }
}
