package org.cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a file, read as it is sent: a part never lies in memory as a whole. It has a
 * position of its own and leaves the channel open, so that a request can be sent twice from one
 * channel.
 */
final class Region extends InputStream {

  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final LongConsumer read;
  private long position;
  private long left;

  /**
   * @param read told of every stretch that was read
   */
  Region(FileChannel channel, long offset, long length, LongConsumer read) {
    this.channel = channel;
    this.position = offset;
    this.left = length;
    this.read = read;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    var buffer = ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left));
    int n = channel.read(buffer, position);
    if (n < 0) {
      throw new IOException("the file became shorter while it was sent");
    }
    position += n;
    left -= n;
    read.accept(n);
    return n;
  }

  /**
   * The MD5 of a stretch, which is what object stores call the ETag of a part. It is compared to
   * spare a transfer, not to prove anything: the service hashes the whole with SHA-256.
   */
  static @Nullable String md5(Path path, long offset, long length) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      return null; // a FIPS mode without it: the part is sent again
    }
    var buffer = new byte[BUFFER];
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var region = new Region(channel, offset, length, n -> {})) {
      for (int n; (n = region.read(buffer, 0, buffer.length)) > 0; ) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
