package org.cairn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.cairn.tensor.SafetensorsWriter;

/**
 * The weights of a small transformer at one step, in one file: five layers of eight tensors each,
 * BF16, random. The names and the shares of the sizes are those of GPT-NeoX.
 *
 * @param tensorSha256 of the bytes of {@link #TENSOR}
 */
record SeriesFile(Payload payload, String tensorSha256) {

  static final String TENSOR = "gpt_neox.layers.4.mlp.dense_h_to_4h.weight";

  private static final int LAYERS = 5;
  private static final int SMALL = 1024;

  /** {@link #TENSOR} has a fifteenth of the file: a third of one of five layers. */
  private static final Map<String, Integer> PARTS =
      Map.of(
          "attention.query_key_value.weight", 3,
          "attention.dense.weight", 1,
          "mlp.dense_h_to_4h.weight", 4,
          "mlp.dense_4h_to_h.weight", 4);

  private static final List<String> ORDER =
      List.of(
          "input_layernorm.bias",
          "input_layernorm.weight",
          "post_attention_layernorm.bias",
          "post_attention_layernorm.weight",
          "attention.query_key_value.weight",
          "attention.dense.weight",
          "mlp.dense_h_to_4h.weight",
          "mlp.dense_4h_to_h.weight");

  /** About {@code size} bytes. */
  static SeriesFile write(Path file, long size) throws IOException {
    int part = (int) (size / LAYERS / PARTS.values().stream().mapToInt(i -> i).sum()) / 2 * 2;
    var writer = new SafetensorsWriter(Map.of("format", "pt"));
    for (int layer = 0; layer < LAYERS; layer++) {
      for (var name : ORDER) {
        int bytes = bytes(name, part);
        writer.add(name(layer, name), "BF16", List.of(bytes / 2L), bytes);
      }
    }
    var all = Sha256Loop.newDigest();
    var random = RandomGenerator.of("L128X256MixRandom");
    String tensor = "";
    long length = 0;
    try (var channel = Payload.replace(file)) {
      length += append(channel, writer.header(), all);
      for (int layer = 0; layer < LAYERS; layer++) {
        for (var name : ORDER) {
          var bytes = new byte[bytes(name, part)];
          random.nextBytes(bytes);
          length += append(channel, bytes, all);
          if (name(layer, name).equals(TENSOR)) {
            tensor = sha256(bytes);
          }
        }
      }
    }
    return new SeriesFile(
        new Payload(file, length, HexFormat.of().formatHex(all.digest())), tensor);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256Loop.newDigest().digest(bytes));
  }

  private static String name(int layer, String name) {
    return "gpt_neox.layers." + layer + "." + name;
  }

  private static int bytes(String name, int part) {
    return PARTS.containsKey(name) ? PARTS.get(name) * part : SMALL;
  }

  private static int append(FileChannel channel, byte[] bytes, MessageDigest digest)
      throws IOException {
    digest.update(bytes);
    Payload.writeFully(channel, ByteBuffer.wrap(bytes));
    return bytes.length;
  }
}
