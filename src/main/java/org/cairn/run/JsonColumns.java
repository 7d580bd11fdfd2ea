package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists and maps as columns of JSON. They have types of their own because the metamodel that
 * Hibernate generates would name a bare List or Map without its parameters, which is a warning.
 */
final class JsonColumns {

  private JsonColumns() {}

  record Axes(@JsonValue Map<String, JsonNode> values) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Axes {
      values = copy(values);
    }
  }

  record Rules(@JsonValue List<ScheduleRule> values) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Rules {
      values = List.copyOf(values);
    }

    static @Nullable Rules of(@Nullable List<ScheduleRule> values) {
      return values == null ? null : new Rules(values);
    }
  }

  record Words(@JsonValue List<String> values) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Words {
      values = List.copyOf(values);
    }

    static @Nullable Words of(@Nullable List<String> values) {
      return values == null ? null : new Words(values);
    }
  }

  record Seeds(@JsonValue Map<String, Long> values) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Seeds {
      values = copy(values);
    }

    static @Nullable Seeds of(@Nullable Map<String, Long> values) {
      return values == null ? null : new Seeds(values);
    }
  }

  record Texts(@JsonValue Map<String, String> values) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Texts {
      values = copy(values);
    }

    static @Nullable Texts of(@Nullable Map<String, String> values) {
      return values == null ? null : new Texts(values);
    }
  }

  /** Keeps the order of the request, which Map.copyOf does not. */
  private static <V> Map<String, V> copy(Map<String, V> values) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
