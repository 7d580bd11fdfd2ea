package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The floor of verification: SHA-256 of a file in the page cache, in one loop on one core. Nothing
 * that hashes with the same provider can be faster on one core.
 */
final class Sha256Loop {

  private static final int BUFFER = 256 << 10;

  private Sha256Loop() {}

  static String digest(Path file) throws IOException {
    var digest = newDigest();
    var bytes = new byte[BUFFER];
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int n; (n = channel.read(ByteBuffer.wrap(bytes))) > 0; ) {
        digest.update(bytes, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The same over an object as the store delivers it, in the same loop. */
  static String digest(URI object) throws IOException {
    var digest = newDigest();
    var bytes = new byte[BUFFER];
    try (var body = object.toURL().openStream()) {
      for (int n; (n = body.read(bytes)) >= 0; ) {
        digest.update(bytes, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
