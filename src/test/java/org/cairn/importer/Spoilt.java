package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Files of the right form but for a few bytes, values or cells; equal seeds make the same. */
final class Spoilt {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HOLE = "a hole";

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "{}",
          "[]",
          "{\"a\":{\"a\":1}}",
          "[[null],{}]",
          "\"\"",
          "\"step7\"",
          "\"stage2-step999999999999999999-tokens9B\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"" + "/a".repeat(3_000) + "\"",
          "-1",
          "0",
          "0.5",
          "-0.0",
          "1e400",
          "1e-400",
          "1e999999999",
          "100e2147483647",
          "-1e-2147483647",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "9".repeat(999),
          "9".repeat(1_001),
          "NaN",
          "-Infinity",
          "[".repeat(70) + "]".repeat(70),
          "{\"a\":".repeat(40) + "1" + "}".repeat(40));

  private static final List<String> CELLS =
      List.of(
          "",
          " ",
          "-1",
          "+7",
          "0.5",
          "1e3",
          "1e400",
          "1e2147483647",
          "1e-2147483647",
          "NaN",
          "9223372036854775807",
          "9223372036854775808",
          "\u0663",
          "\"",
          "\"\"\"",
          "\"a,b\"",
          "a\"b",
          "\0",
          "\ufeff",
          "step7",
          "stage2-ingredient1-step8-tokens9B",
          "step1+2+3",
          "https://host/run/step7/",
          "://",
          "/",
          "/a".repeat(20_000),
          "x".repeat(70_000),
          ",".repeat(300));

  private static final List<byte[]> PIECES = new ArrayList<>();

  static {
    CELLS.forEach(cell -> PIECES.add(cell.getBytes(UTF_8)));
    VALUES.forEach(value -> PIECES.add(value.getBytes(UTF_8)));
    for (var syntax : "\n \r\n \r { } [ ] : , & * << !!x # --- - | > ' %".split(" ", -1)) {
      PIECES.add(syntax.getBytes(UTF_8));
    }
    PIECES.add(new byte[] {(byte) 0xff});
    PIECES.add(new byte[] {(byte) 0xc3, 0x28});
    PIECES.add(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
    PIECES.add(new byte[] {(byte) 0xf0, (byte) 0x9f});
    PIECES.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0});
  }

  private Spoilt() {}

  /** A file that is JSON or CSV, spoilt by bytes, or by values or cells. */
  static byte[] file(RandomGenerator random, String whole) {
    if (random.nextInt(3) == 0) {
      return bytes(random, whole.getBytes(UTF_8));
    }
    return (whole.startsWith("{") ? values(random, whole) : cells(random, whole)).getBytes(UTF_8);
  }

  /** Some bytes changed, taken out, doubled, or replaced by others, of the same file or not. */
  static byte[] bytes(RandomGenerator random, byte[] whole) {
    var bytes = whole;
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int end = Math.min(bytes.length, at + random.nextInt(40));
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + random.nextInt(40));
      var piece = PIECES.get(random.nextInt(PIECES.size()));
      bytes =
          switch (random.nextInt(8)) {
            case 0, 1 -> joined(bytes, at, new byte[] {(byte) random.nextInt()}, at + 1);
            case 2 -> joined(bytes, at, new byte[0], end);
            case 3 -> joined(bytes, end, java.util.Arrays.copyOfRange(bytes, at, end), end);
            case 4 -> joined(bytes, at, java.util.Arrays.copyOfRange(bytes, from, to), end);
            case 5 -> joined(bytes, at, piece, at);
            case 6 -> joined(bytes, at, piece, end);
            default ->
                random.nextInt(20) > 0 ? bytes : joined(bytes, at, new byte[0], bytes.length);
          };
    }
    return bytes;
  }

  private static byte[] joined(byte[] bytes, int end, byte[] piece, int from) {
    var joined = new ByteArrayOutputStream();
    joined.write(bytes, 0, end);
    joined.writeBytes(piece);
    joined.write(bytes, from, bytes.length - from);
    return joined.toByteArray();
  }

  /** JSON with some of its values replaced by others, of the same file or not. */
  static String values(RandomGenerator random, String whole) {
    var text = whole;
    for (int i = random.nextInt(3); i >= 0; i--) {
      JsonNode root;
      try {
        root = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        return text;
      }
      var containers = new ArrayList<JsonNode>();
      collect(root, containers);
      var values = new ArrayList<>(VALUES);
      containers.forEach(one -> values.add(one.toString()));
      replace(random, containers.get(random.nextInt(containers.size())));
      text = root.toString().replace("\"" + HOLE + "\"", values.get(random.nextInt(values.size())));
    }
    return text;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static void replace(RandomGenerator random, JsonNode container) {
    if (container instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), HOLE);
    } else if (container instanceof ObjectNode object && !object.isEmpty()) {
      var names = object.properties().stream().map(Map.Entry::getKey).toList();
      object.put(names.get(random.nextInt(names.size())), HOLE);
    }
  }

  /** A table with some cells replaced, lines doubled, or columns exchanged. */
  static String cells(RandomGenerator random, String whole) {
    var lines = new ArrayList<>(whole.lines().toList());
    for (int i = random.nextInt(3); i >= 0; i--) {
      // The first line seldom: without its columns, nothing else is looked at.
      int at = random.nextInt(10) == 0 ? 0 : random.nextInt(lines.size());
      var cells = lines.get(at).split(",", -1);
      int column = random.nextInt(cells.length);
      switch (random.nextInt(6)) {
        case 0 -> lines.add(lines.get(at));
        case 1 -> cells[column] = cells[random.nextInt(cells.length)];
        case 2 -> cells[column] = cells[column].toUpperCase(Locale.ROOT) + cells[column];
        default -> cells[column] = CELLS.get(random.nextInt(CELLS.size()));
      }
      lines.set(at, String.join(",", cells));
    }
    return String.join("\n", lines);
  }
}
