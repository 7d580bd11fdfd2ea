package org.cairn.platform;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Canonical JSON as RFC 8785 (JCS) defines it. That format knows only doubles, so an integer beyond
 * 2^53 - 1 is written as a decimal string, as I-JSON (RFC 7493, section 2.2) and OTRRS 1.0.0
 * (section 3.1) have it.
 */
public final class CanonicalJson {

  private static final BigInteger MAX_EXACT = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

  private CanonicalJson() {}

  /** The canonical bytes of a document: an object or an array. */
  public static byte[] bytes(JsonNode document) {
    if (!document.isContainerNode()) {
      throw new IllegalArgumentException("a canonical document is an object or an array");
    }
    try {
      return new JsonCanonicalizer(exact(document).toString()).getEncodedUTF8();
    } catch (IOException e) {
      throw new UncheckedIOException("Not canonicalizable: " + e.getMessage(), e);
    }
  }

  public static Sha256 digest(JsonNode document) {
    return Sha256.of(bytes(document));
  }

  /**
   * The numbers that the canonical form of a document does not hold, each by its JSON pointer:
   * integers that it holds as texts, and decimals that it rounds. With these put back it is the
   * document again.
   */
  public static ObjectNode exactNumbers(JsonNode document) {
    var numbers = JsonNodeFactory.instance.objectNode();
    collect(document, "", numbers);
    return numbers;
  }

  private static void collect(JsonNode node, String pointer, ObjectNode numbers) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(field -> {
            var name = field.getKey().replace("~", "~0").replace("/", "~1");
            collect(field.getValue(), pointer + "/" + name, numbers);
          });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), pointer + "/" + i, numbers);
      }
    } else if (isBeyondDouble(node)) {
      numbers.put(pointer, node.asText());
    }
  }

  private static boolean isBeyondDouble(JsonNode node) {
    return isBeyondExact(node)
        || (node.isBigDecimal()
            && node.decimalValue().compareTo(BigDecimal.valueOf(node.doubleValue())) != 0);
  }

  /** Puts back into a document what {@link #exactNumbers} took down of it. */
  public static void putBack(JsonNode document, JsonNode exactNumbers) {
    exactNumbers
        .properties()
        .forEach(number -> {
          var place = JsonPointer.compile(number.getKey());
          var value = new BigDecimal(number.getValue().asText());
          JsonNode exact =
              value.scale() > 0
                  ? DecimalNode.valueOf(value)
                  : BigIntegerNode.valueOf(value.toBigIntegerExact());
          switch (document.at(place.head())) {
            case ObjectNode object -> object.set(place.last().getMatchingProperty(), exact);
            case ArrayNode array -> array.set(place.last().getMatchingIndex(), exact);
            default -> throw new IllegalArgumentException("nothing is at " + place);
          }
        });
  }

  private static boolean isBeyondExact(JsonNode node) {
    return node.isIntegralNumber() && node.bigIntegerValue().abs().compareTo(MAX_EXACT) > 0;
  }

  private static JsonNode exact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var copy = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(field -> copy.set(field.getKey(), exact(field.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      var copy = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> copy.add(exact(element)));
      return copy;
    }
    if (isBeyondExact(node)) {
      return JsonNodeFactory.instance.textNode(node.bigIntegerValue().toString());
    }
    return node;
  }
}
