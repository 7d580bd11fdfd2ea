package org.cairn.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.cairn.tensor.SafetensorsWriter;

/** Writes weights of sizes that are seldom tried. */
final class LargeWeights {

  private static final long TENSOR = 256L << 20;
  private static final int ROW = 8192;
  private static final int BLOCK = 1 << 20;

  private LargeWeights() {}

  /**
   * One file that is a hole but for its header and its last tensor, of which the last rows are
   * random: who reads it reads zeros where nothing was written.
   *
   * @param lastTensor name of the last tensor
   * @param rows of it
   * @param endRows how many of its last rows are random
   * @param endSha256 of their bytes
   */
  record Sparse(
      long size, int tensors, String lastTensor, long rows, long endRows, String endSha256) {}

  static Sparse sparse(Path file, long about) throws IOException {
    int count = (int) Math.max(1, about / TENSOR);
    var writer = new SafetensorsWriter(Map.of("format", "pt"));
    for (int i = 0; i < count; i++) {
      writer.add(
          "layers.%d.weight".formatted(i), "BF16", List.of(TENSOR / 2 / ROW, (long) ROW), TENSOR);
    }
    var header = writer.header();
    long size = header.length + count * TENSOR;
    var end = random(BLOCK);
    try (var channel = create(file)) {
      Payload.writeFully(channel, ByteBuffer.wrap(header));
      channel.position(size - end.length);
      Payload.writeFully(channel, ByteBuffer.wrap(end));
    }
    return new Sparse(
        size,
        count,
        "layers.%d.weight".formatted(count - 1),
        TENSOR / 2 / ROW,
        BLOCK / 2 / ROW,
        SeriesFile.sha256(end));
  }

  /** The same tensors, one in each shard with an index of all of them, and all in one file. */
  static void sharded(Path shards, Path merged, int count, int size) throws IOException {
    Files.createDirectories(shards);
    Files.createDirectories(merged);
    ObjectNode index = Api.JSON.createObjectNode();
    index.putObject("metadata").put("total_size", (long) count * size);
    var map = index.putObject("weight_map");
    var all = new SafetensorsWriter(Map.of("format", "pt"));
    for (int i = 0; i < count; i++) {
      all.add(tensor(i), "BF16", List.of(size / 2L), size);
    }
    try (var whole = create(merged.resolve("model.safetensors"))) {
      Payload.writeFully(whole, ByteBuffer.wrap(all.header()));
      for (int i = 0; i < count; i++) {
        var name = "model-%05d-of-%05d.safetensors".formatted(i + 1, count);
        map.put(tensor(i), name);
        var writer = new SafetensorsWriter(Map.of("format", "pt"));
        writer.add(tensor(i), "BF16", List.of(size / 2L), size);
        var bytes = random(size);
        Payload.writeFully(whole, ByteBuffer.wrap(bytes));
        try (var shard = create(shards.resolve(name))) {
          Payload.writeFully(shard, ByteBuffer.wrap(writer.header()));
          Payload.writeFully(shard, ByteBuffer.wrap(bytes));
        }
      }
    }
    Files.write(shards.resolve("model.safetensors.index.json"), Api.JSON.writeValueAsBytes(index));
  }

  static String tensor(int number) {
    return "layers.%d.weight".formatted(number);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RandomGenerator.of("L128X256MixRandom").nextBytes(bytes);
    return bytes;
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
  }
}
