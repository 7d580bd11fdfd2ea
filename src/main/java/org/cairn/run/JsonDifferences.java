package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * In what two JSON documents differ. Programs that read configurations take {@code train-iters} for
 * {@code train_iters}, {@code "1e-8"} for the number, and null for a key that is left out: so does
 * this.
 */
final class JsonDifferences {

  /** Longest value that is shown as it is, in characters of JSON. */
  private static final int SHOWN = 2_000;

  private static final int EXAMPLES = 3;
  private static final int EXAMPLE_SHOWN = 300;

  private final List<Difference> found = new ArrayList<>();

  private JsonDifferences() {}

  /** A place and what each side has there; null where it has nothing. */
  record Difference(String key, @Nullable JsonNode left, @Nullable JsonNode right) {}

  /** Those of two documents, either of which may be missing; by their keys. */
  static List<Difference> between(@Nullable JsonNode left, @Nullable JsonNode right) {
    var differences = new JsonDifferences();
    differences.compare("", said(left), said(right));
    return differences.found;
  }

  private static @Nullable JsonNode said(@Nullable JsonNode node) {
    return node == null || node.isNull() || node.isMissingNode() ? null : node;
  }

  private void compare(String key, @Nullable JsonNode left, @Nullable JsonNode right) {
    if (left == null || right == null) {
      if (left != null || right != null) {
        found.add(new Difference(key, left, right));
      }
    } else if (left.isObject() && right.isObject()) {
      var members = new TreeMap<String, @Nullable JsonNode>();
      var others = new TreeMap<String, @Nullable JsonNode>();
      put(members, left);
      put(others, right);
      var names = new TreeSet<>(members.keySet());
      names.addAll(others.keySet());
      var beginning = key.isEmpty() ? "" : key + ".";
      names.forEach(name -> compare(beginning + name, members.get(name), others.get(name)));
    } else if (left.isArray() && right.isArray()) {
      compareElements(key, left, right);
    } else if (!same(left, right)) {
      found.add(new Difference(key, left, right));
    }
  }

  /** Lists of one length are compared one by one if there is structure in them. */
  private void compareElements(String key, JsonNode left, JsonNode right) {
    var nested =
        left.size() == right.size()
            && left.valueStream().allMatch(JsonNode::isContainerNode)
            && right.valueStream().allMatch(JsonNode::isContainerNode);
    if (nested) {
      for (int i = 0; i < left.size(); i++) {
        compare(key + "[" + i + "]", left.get(i), right.get(i));
      }
      return;
    }
    var same = left.size() == right.size();
    for (int i = 0; same && i < left.size(); i++) {
      same = between(left.get(i), right.get(i)).isEmpty();
    }
    if (!same) {
      found.add(new Difference(key, left, right));
    }
  }

  private static void put(Map<String, @Nullable JsonNode> members, JsonNode object) {
    object
        .properties()
        .forEach(member -> {
          if (said(member.getValue()) != null) {
            members.put(member.getKey().replace('-', '_'), member.getValue());
          }
        });
  }

  private static boolean same(JsonNode left, JsonNode right) {
    if (left.isTextual() && right.isTextual()) {
      return left.textValue().equals(right.textValue());
    }
    var number = number(left);
    var other = number(right);
    if (number == null || other == null) {
      return left.equals(right);
    }
    return number.compareTo(other) == 0;
  }

  private static @Nullable BigDecimal number(JsonNode node) {
    if (node.isNumber()) {
      return node.decimalValue();
    }
    if (!node.isTextual() || node.textValue().length() > 40) {
      return null;
    }
    try {
      return new BigDecimal(node.textValue());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * A value as an answer shows it: whole where it is short; else its size, its SHA-256 and its
   * beginning, and of a list those elements that the other side's has not.
   */
  static @Nullable JsonNode shown(@Nullable JsonNode value, @Nullable JsonNode other) {
    if (value == null || value.toString().length() <= SHOWN) {
      return value;
    }
    var brief = JsonNodeFactory.instance.objectNode();
    brief.put(
        "sha256",
        Sha256.of(
                value.isContainerNode()
                    ? CanonicalJson.bytes(value)
                    : value.asText().getBytes(StandardCharsets.UTF_8))
            .hex());
    if (value.isArray()) {
      showElements(brief, value, other);
    } else {
      var text = value.isTextual() ? value.textValue() : value.toString();
      brief.put("characters", text.length());
      brief.set("beginning", beginning(text));
    }
    return brief;
  }

  private static void showElements(ObjectNode brief, JsonNode value, @Nullable JsonNode other) {
    Set<JsonNode> others = new HashSet<>();
    if (other != null && other.isArray()) {
      other.forEach(others::add);
    }
    brief.put("elements", value.size());
    var only = value.valueStream().filter(element -> !others.contains(element)).toList();
    brief.put("onlyHere", only.size());
    var examples = brief.putArray("examples");
    only.stream()
        .limit(EXAMPLES)
        .map(element -> beginning(element.isTextual() ? element.textValue() : element.toString()))
        .forEach(examples::add);
  }

  private static TextNode beginning(String text) {
    return TextNode.valueOf(
        text.length() <= EXAMPLE_SHOWN
            ? text
            : text.substring(0, text.offsetByCodePoints(0, EXAMPLE_SHOWN - 1)) + "\u2026");
  }
}
