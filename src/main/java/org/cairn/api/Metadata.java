package org.cairn.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of JSON that means nothing to the registry but is kept: of moderate size and depth,
 * and only of values that both PostgreSQL and canonical JSON can hold.
 */
public final class Metadata {

  /** Largest free-form object, in bytes of canonical JSON. */
  public static final int MAX_BYTES = 64 * 1024;

  /** Deepest nesting of a free-form object. */
  public static final int MAX_DEPTH = 16;

  /** Decimal exponents beyond those of a double are no measurement of anything. */
  private static final int MAX_EXPONENT = 400;

  /** No count, size or measurement has as many digits. */
  private static final int MAX_DIGITS = 100;

  private Metadata() {}

  /** Gives back {@code metadata}, or an empty object for none; refuses what breaks a bound. */
  public static ObjectNode check(String field, @Nullable ObjectNode metadata) {
    if (metadata == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    return check(field, metadata, MAX_BYTES, MAX_DEPTH);
  }

  /** The same for JSON with bounds of its own. */
  public static <T extends JsonNode> T check(String field, T json, int maxBytes, int maxDepth) {
    checkNode(field, json, maxDepth);
    if (json.isContainerNode()) {
      var size = CanonicalJson.bytes(json).length;
      if (size > maxBytes) {
        throw RegistryException.invalid(
            field, "has " + size + " bytes of canonical JSON; the limit is " + maxBytes);
      }
    }
    return json;
  }

  private static void checkNode(String field, JsonNode node, int depthLeft) {
    switch (node.getNodeType()) {
      case OBJECT, ARRAY -> {
        if (depthLeft == 0) {
          throw RegistryException.invalid(field, "is nested too deeply");
        }
        for (var member : node.properties()) {
          checkText(field, member.getKey());
          if (member.getKey().length() > JsonLimits.NAME) {
            throw RegistryException.invalid(
                field, "has a name of more than " + JsonLimits.NAME + " characters");
          }
        }
        for (var child : node) {
          checkNode(field, child, depthLeft - 1);
        }
      }
      case STRING -> checkText(field, node.textValue());
      case NUMBER -> checkNumber(field, node);
      default -> {
        // booleans and nulls have no bounds
      }
    }
  }

  private static void checkText(String field, String text) {
    if (text.length() > JsonLimits.STRING) {
      throw RegistryException.invalid(
          field, "has a text of more than " + JsonLimits.STRING + " characters");
    }
    var fault = JsonLimits.faultOfText(text);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid(field, fault);
    }
  }

  private static void checkNumber(String field, JsonNode number) {
    var decimal = number.decimalValue();
    var exponent = (long) decimal.precision() - decimal.scale();
    if (Math.abs(exponent) > MAX_EXPONENT || !Double.isFinite(number.doubleValue())) {
      throw RegistryException.invalid(field, "has a number outside the range of a double");
    }
    if (decimal.precision() > MAX_DIGITS) {
      throw RegistryException.invalid(field, "has a number of more than " + MAX_DIGITS + " digits");
    }
  }
}
