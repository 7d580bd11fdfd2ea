package org.cairn.xet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.cairn.platform.Sha256;
import org.cairn.xet.ChunkHeader.Scheme;

/** Makes xorbs and shards as clients do. */
final class Pieces {

  /** All of them. */
  static final List<Scheme> SCHEMES = List.of(Scheme.values());

  private static final byte[] END = new byte[48];

  static {
    Arrays.fill(END, 0, 32, (byte) 0xff);
  }

  private Pieces() {}

  /** Bytes that can be compressed, and are others for another seed. */
  static byte[] data(int size, long seed) {
    var random = new Random(seed);
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 4 == 3 ? 0x3f : random.nextInt(3));
    }
    return bytes;
  }

  static byte[] chunk(byte[] bytes, Scheme scheme) throws IOException {
    return switch (scheme) {
      case NONE -> chunk(bytes, 0, bytes.length);
      case LZ4 -> chunk(frame(bytes), 1, bytes.length);
      case GROUPED_LZ4 -> chunk(frame(grouped(bytes)), 2, bytes.length);
    };
  }

  /** A chunk that says what it likes. */
  static byte[] chunk(byte[] stored, int scheme, int size) {
    return ByteBuffer.allocate(ChunkHeader.BYTES + stored.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(stored.length << 8)
        .putInt(size << 8 | scheme)
        .put(stored)
        .array();
  }

  static byte[] frame(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var frame =
        new LZ4FrameOutputStream(
            out, LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE)) {
      frame.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] grouped(byte[] bytes) {
    var grouped = new byte[bytes.length];
    int to = 0;
    for (int group = 0; group < 4; group++) {
      for (int from = group; from < bytes.length; from += 4) {
        grouped[to++] = bytes[from];
      }
    }
    return grouped;
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Some hash; which one does not matter here. */
  static XetHash hash(long seed) {
    return new XetHash(Sha256.of(data(16, seed)).hex());
  }

  /** A stretch as a shard names it. */
  record Stretch(XetHash xorb, int from, int to, int size) {}

  /** A file as a shard describes it. */
  record Description(Sha256 sha256, List<Stretch> stretches) {}

  /** With everything that the format has: verification, metadata, xorbs and a footer. */
  static byte[] shard(Description... files) {
    var records = new ArrayList<byte[]>();
    records.add(header());
    for (var file : files) {
      int count = file.stretches().size();
      records.add(recordOf(hash(1), 3 << 30, count, 0, 0));
      for (var stretch : file.stretches()) {
        records.add(recordOf(stretch.xorb(), 0, stretch.size(), stretch.from(), stretch.to()));
      }
      for (int i = 0; i < count; i++) {
        records.add(recordOf(hash(i), 0, 0, 0, 0));
      }
      records.add(recordOf(new XetHash(file.sha256().hex()), 0, 0, 0, 0));
    }
    records.add(END);
    records.add(recordOf(hash(2), 0, 1, 10, 10));
    records.add(recordOf(hash(3), 0, 10, 0, 0));
    records.add(END);
    records.add(new byte[200]);
    return join(records.toArray(byte[][]::new));
  }

  private static byte[] header() {
    return ByteBuffer.allocate(48)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ShardReader.MAGIC)
        .putLong(2)
        .putLong(200)
        .array();
  }

  private static byte[] recordOf(XetHash hash, int a, int b, int c, int d) {
    var bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    hash.put(bytes);
    return bytes.putInt(a).putInt(b).putInt(c).putInt(d).array();
  }
}
