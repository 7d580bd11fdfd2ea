package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import org.cairn.platform.JsonLimits;

/** JSON that others publish, all texts of which can be stored. */
final class ForeignJson {

  private ForeignJson() {}

  /**
   * Reads a whole document.
   *
   * @throws UnreadableListingException where it is none, breaks a bound, or has a text that no
   *     database takes
   */
  static JsonNode read(byte[] bytes) {
    return read(JsonLimits.mapper().reader(), bytes);
  }

  /** As {@link #read(byte[])}, with a reader of the same bounds that is otherwise more lenient. */
  static JsonNode read(ObjectReader reader, byte[] bytes) {
    JsonNode root;
    try {
      root = reader.readTree(bytes);
    } catch (IOException e) {
      throw new UnreadableListingException("is no JSON");
    }
    check(root);
    return root;
  }

  private static void check(JsonNode node) {
    if (node.isTextual()) {
      check(node.textValue());
    }
    for (var field : node.properties()) {
      check(field.getKey());
    }
    node.forEach(ForeignJson::check);
  }

  private static void check(String text) {
    var fault = JsonLimits.faultOfText(text);
    if (!fault.isEmpty()) {
      throw new UnreadableListingException("has a text that " + fault);
    }
  }
}
