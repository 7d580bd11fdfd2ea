package org.cairn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** A file of random bytes, new to the registry, on disk and in the page cache. */
record Payload(Path file, long size, String sha256) {

  private static final int BLOCK = 1 << 20;

  /** Replaces {@code file}, hashes it and forces it to disk, so that none of that is measured. */
  static Payload random(Path file, long size) throws IOException {
    var random = RandomGenerator.of("L128X256MixRandom");
    var digest = Sha256Loop.newDigest();
    var bytes = new byte[BLOCK];
    try (var channel = replace(file)) {
      for (long left = size; left > 0; ) {
        int length = (int) Math.min(left, bytes.length);
        random.nextBytes(bytes);
        digest.update(bytes, 0, length);
        writeFully(channel, ByteBuffer.wrap(bytes, 0, length));
        left -= length;
      }
      channel.force(true);
    }
    return new Payload(file, size, HexFormat.of().formatHex(digest.digest()));
  }

  /** An empty file to write to. */
  static FileChannel replace(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
