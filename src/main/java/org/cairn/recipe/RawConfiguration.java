package org.cairn.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.cairn.api.Metadata;
import org.cairn.api.RegistryException;
import org.cairn.platform.JsonLimits;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the bytes of a configuration say. Bytes that say nothing are kept all the same, with the
 * reason: 12B/pythia-12b.yml of the Pythia release is such a file.
 *
 * @param resolved null where the bytes do not parse
 * @param parseError null where they do
 */
public record RawConfiguration(@Nullable ObjectNode resolved, @Nullable String parseError) {

  /** Largest configuration that is parsed; configurations of OLMo 2 have 165 kB. */
  static final int MAX_BYTES = 3 << 20;

  /** Deepest nesting of a configuration; leaves room for what an answer wraps around it. */
  static final int MAX_DEPTH = JsonLimits.DEPTH - 16;

  private static final ObjectMapper JSON = JsonLimits.mapper();

  /** Reads the bytes of a configuration, YAML or JSON. */
  public static RawConfiguration parse(byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      var parsed = parse(text);
      if (!(parsed instanceof ObjectNode object)) {
        return failed("is not a mapping of names to values");
      }
      return resolved(object);
    } catch (CharacterCodingException e) {
      return failed("is not UTF-8");
    } catch (YAMLException e) {
      return failed(YamlJson.reason(e));
    } catch (RegistryException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  /** What somebody resolved already; its numbers are made plain, as PostgreSQL will keep them. */
  static RawConfiguration resolved(ObjectNode object) {
    Metadata.check("resolved", object, MAX_BYTES, MAX_DEPTH);
    return new RawConfiguration((ObjectNode) plain(object), null);
  }

  /**
   * JSON columns have no exponents: 1e21 comes back as an integer, which canonical JSON writes in
   * another way. A digest must not depend on whether it was taken before or after.
   */
  private static JsonNode plain(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var copy = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(field -> copy.set(field.getKey(), plain(field.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      var copy = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> copy.add(plain(element)));
      return copy;
    }
    if (node.isBigDecimal() && node.decimalValue().scale() <= 0) {
      return JsonNodeFactory.instance.numberNode(node.decimalValue().toBigIntegerExact());
    }
    return node;
  }

  /** Kept, but not understood. */
  static RawConfiguration failed(String reason) {
    return new RawConfiguration(null, reason);
  }

  /** JSON where it is JSON: YAML 1.1 is not quite a superset, and reads 1.0 and "1.0" alike. */
  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      return YamlJson.read(text);
    }
  }
}
