package org.cairn.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Whether a value has the shape that a schema of the contract describes. Stricter than the schema:
 * an object has no field that the schema does not name, because a request with one is refused.
 */
final class SchemaCheck {

  private final JsonNode document;
  private final List<String> faults = new ArrayList<>();

  private SchemaCheck(JsonNode document) {
    this.document = document;
  }

  static List<String> faults(Contract contract, JsonNode schema, JsonNode value) {
    var check = new SchemaCheck(contract.document());
    check.check("", schema, value);
    return check.faults;
  }

  private void check(String at, JsonNode schema, JsonNode value) {
    if (schema.has("$ref")) {
      check(at, document.at(schema.get("$ref").asText().substring(1)), value);
      return;
    }
    if (schema.isMissingNode()) {
      faults.add(at + ": has no schema");
      return;
    }
    schema.path("allOf").forEach(part -> check(at, part, value));
    if (value.isNull()) {
      expect(schema.path("nullable").asBoolean(), at, "is null");
      return;
    }
    if (schema.has("enum")) {
      var among = false;
      for (var allowed : schema.get("enum")) {
        among |= allowed.equals(value);
      }
      expect(among, at, "is none of " + schema.get("enum"));
    }
    switch (schema.path("type").asText()) {
      case "object" -> object(at, schema, value);
      case "array" -> array(at, schema, value);
      case "string" -> string(at, schema, value);
      case "integer" -> {
        expect(value.isIntegralNumber(), at, "is no integer");
        bounds(at, schema, value);
      }
      case "number" -> {
        expect(value.isNumber(), at, "is no number");
        bounds(at, schema, value);
      }
      case "boolean" -> expect(value.isBoolean(), at, "is no boolean");
      default -> {
        // Anything goes.
      }
    }
  }

  private void object(String at, JsonNode schema, JsonNode value) {
    if (!expect(value.isObject(), at, "is no object")) {
      return;
    }
    schema
        .path("required")
        .forEach(name -> expect(value.has(name.asText()), at, "lacks " + name.asText()));
    var properties = schema.path("properties");
    var others = schema.path("additionalProperties");
    for (var field : value.properties()) {
      var name = at + "/" + field.getKey();
      if (properties.has(field.getKey())) {
        check(name, properties.get(field.getKey()), field.getValue());
      } else if (others.isObject()) {
        check(name, others, field.getValue());
      } else {
        expect(properties.isEmpty() && !others.isBoolean(), name, "is not in the schema");
      }
    }
  }

  private void array(String at, JsonNode schema, JsonNode value) {
    if (!expect(value.isArray(), at, "is no list")) {
      return;
    }
    expect(value.size() >= schema.path("minItems").asInt(0), at, "has too few items");
    expect(value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE), at, "has too many");
    for (int i = 0; i < value.size(); i++) {
      check(at + "/" + i, schema.path("items"), value.get(i));
    }
  }

  private void string(String at, JsonNode schema, JsonNode value) {
    if (!expect(value.isTextual(), at, "is no text")) {
      return;
    }
    var text = value.asText();
    expect(text.length() >= schema.path("minLength").asInt(0), at, "is too short");
    expect(text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), at, "is too long");
    if (schema.has("pattern")) {
      var pattern = schema.get("pattern").asText();
      expect(Pattern.matches(pattern, text), at, "does not match " + pattern);
    }
    expect(hasFormat(schema.path("format").asText(), text), at, "is no " + schema.get("format"));
  }

  private static boolean hasFormat(String format, String text) {
    try {
      switch (format) {
        case "uuid" -> UUID.fromString(text);
        case "uri" -> URI.create(text);
        case "date-time" -> Instant.parse(text);
        default -> {
          return true;
        }
      }
      return true;
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return false;
    }
  }

  private void bounds(String at, JsonNode schema, JsonNode value) {
    if (schema.has("minimum")) {
      var open = schema.path("exclusiveMinimum").asBoolean();
      var order = value.decimalValue().compareTo(schema.get("minimum").decimalValue());
      expect(open ? order > 0 : order >= 0, at, "is too small");
    }
    if (schema.has("maximum")) {
      var order = value.decimalValue().compareTo(schema.get("maximum").decimalValue());
      expect(order <= 0, at, "is too large");
    }
  }

  private boolean expect(boolean fulfilled, String at, String fault) {
    if (!fulfilled) {
      faults.add((at.isEmpty() ? "/" : at) + ": " + fault);
    }
    return fulfilled;
  }
}
