package org.cairn.importer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In which words a trainer writes its configurations: {@code dialects.json}.
 *
 * @param name such as gpt-neox
 * @param recognisedBy keys of which a configuration has one
 * @param settings keys by the names that {@link TrainingSettings} has for them
 * @param precisionFlags precisions by the key that turns them on
 * @param unset values that the program takes where a configuration leaves these keys out
 * @param rest null where the program moves the weights with every update
 */
record Dialect(
    String name,
    String source,
    List<String> recognisedBy,
    Map<String, List<String>> settings,
    Map<String, String> precisionFlags,
    Map<String, String> unset,
    @Nullable Rest rest) {

  private static final List<Dialect> ALL = load();

  /**
   * Updates whose learning rate is zero where the training warms up.
   *
   * @param setting greater than zero where it does
   * @param updates from 0
   */
  record Rest(String setting, List<Long> updates, String source) {
    Rest {
      updates = List.copyOf(updates);
    }
  }

  Dialect {
    recognisedBy = List.copyOf(recognisedBy);
    settings = Map.copyOf(settings);
    precisionFlags = Map.copyOf(precisionFlags);
    unset = Map.copyOf(unset);
  }

  /** The dialect of a configuration with these keys. */
  static Optional<Dialect> of(Map<String, ?> keys) {
    return ALL.stream()
        .filter(dialect -> dialect.recognisedBy.stream().anyMatch(keys::containsKey))
        .findFirst();
  }

  private static List<Dialect> load() {
    var json = new ObjectMapper();
    try (var bytes =
        Objects.requireNonNull(Dialect.class.getResourceAsStream("dialects.json"), "dialects")) {
      JsonNode root = json.readTree(bytes);
      return json.convertValue(root.path("dialects"), new TypeReference<List<Dialect>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
