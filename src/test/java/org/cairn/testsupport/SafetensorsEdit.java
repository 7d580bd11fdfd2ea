package org.cairn.testsupport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Puts faults into safetensors files, and merges shards. */
public final class SafetensorsEdit {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsEdit() {}

  private static final class Parsed {
    private final byte[] bytes;
    private final ObjectNode header;
    private final int data;

    private Parsed(byte[] bytes, ObjectNode header, int data) {
      this.bytes = bytes;
      this.header = header;
      this.data = data;
    }

    static Parsed read(Path file) throws IOException {
      var bytes = Files.readAllBytes(file);
      int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
      return new Parsed(bytes, (ObjectNode) JSON.readTree(bytes, 8, length), 8 + length);
    }

    int begin(String tensor) {
      return data + header.at("/" + tensor + "/data_offsets/0").asInt();
    }

    int end(String tensor) {
      return data + header.at("/" + tensor + "/data_offsets/1").asInt();
    }
  }

  /** Puts the bytes of a tensor in place of those of the tensor of that name in another file. */
  public static void copyTensor(Path to, Path from, String tensor) throws IOException {
    var source = Parsed.read(from);
    var target = Parsed.read(to);
    System.arraycopy(
        source.bytes,
        source.begin(tensor),
        target.bytes,
        target.begin(tensor),
        source.end(tensor) - source.begin(tensor));
    Files.write(to, target.bytes);
  }

  /** Writes an element of a tensor. */
  public static void fill(Path file, String tensor, int index, byte[] element) throws IOException {
    var parsed = Parsed.read(file);
    System.arraycopy(
        element, 0, parsed.bytes, parsed.begin(tensor) + index * element.length, element.length);
    Files.write(file, parsed.bytes);
  }

  /** The names of the tensors of a file. */
  public static List<String> tensors(Path file) throws IOException {
    return Parsed.read(file).header.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !name.equals("__metadata__"))
        .toList();
  }

  /** Changes the last bit of each element of two bytes. */
  public static void flipLastBits(Path file, String tensor) throws IOException {
    var parsed = Parsed.read(file);
    for (int at = parsed.begin(tensor); at < parsed.end(tensor); at += 2) {
      parsed.bytes[at] ^= 1;
    }
    Files.write(file, parsed.bytes);
  }

  /** Lets the second tensor of the file begin within the first. */
  public static void overlap(Path file) throws IOException {
    var parsed = Parsed.read(file);
    var text = new String(parsed.bytes, 8, parsed.data - 8, StandardCharsets.UTF_8);
    for (var tensor : parsed.header.properties()) {
      var offsets = tensor.getValue().path("data_offsets");
      int begin = offsets.path(0).asInt();
      if (begin >= 100) {
        int wrong = begin - 2;
        var changed =
            text.replace(
                "[" + begin + "," + offsets.path(1).asInt() + "]",
                "["
                    + String.valueOf(wrong)
                    + " ".repeat(String.valueOf(begin).length() - String.valueOf(wrong).length())
                    + ","
                    + offsets.path(1).asInt()
                    + "]");
        System.arraycopy(
            changed.getBytes(StandardCharsets.UTF_8), 0, parsed.bytes, 8, parsed.data - 8);
        Files.write(file, parsed.bytes);
        return;
      }
    }
    throw new IllegalArgumentException(file + " has one tensor only");
  }

  /** Merges the shards of a folder into one file, in another order, and drops their index. */
  public static void merge(Path folder) throws IOException {
    var data = new ByteArrayOutputStream();
    var header = JSON.createObjectNode();
    Path[] shards;
    try (var files = Files.list(folder)) {
      shards =
          files
              .filter(file -> file.toString().endsWith(".safetensors"))
              .sorted(Comparator.reverseOrder())
              .toArray(Path[]::new);
    }
    for (var shard : shards) {
      var parsed = Parsed.read(shard);
      for (var tensor : parsed.header.properties()) {
        if (tensor.getKey().equals("__metadata__")) {
          continue;
        }
        int begin = data.size();
        data.writeBytes(
            Arrays.copyOfRange(
                parsed.bytes, parsed.begin(tensor.getKey()), parsed.end(tensor.getKey())));
        var entry = ((ObjectNode) tensor.getValue()).deepCopy();
        entry.putArray("data_offsets").add(begin).add(data.size());
        header.set(tensor.getKey(), entry);
      }
      Files.delete(shard);
    }
    Files.deleteIfExists(folder.resolve("model.safetensors.index.json"));
    Files.write(
        folder.resolve("model.safetensors"),
        Safetensors.file(header.toString(), data.toByteArray()));
  }
}
