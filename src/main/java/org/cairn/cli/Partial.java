package org.cairn.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.cairn.platform.Sha256;

/** A file that is on its way: what there is of it on disk, and the hash of that. */
final class Partial {

  private static final int BUFFER = 1 << 16;

  private final Path path;
  private MessageDigest digest = Sha256.newDigest();
  private long length;

  private Partial(Path path) {
    this.path = path;
  }

  /** Takes up what an earlier pull has left, if it is no longer than the file will be. */
  static Partial of(Path path, long size) throws IOException {
    var partial = new Partial(path);
    if (Files.isRegularFile(path) && Files.size(path) <= size) {
      partial.rehash();
    } else {
      Files.deleteIfExists(path);
    }
    return partial;
  }

  synchronized long length() {
    return length;
  }

  /** The file, opened to be written to. */
  FileChannel open() throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  synchronized void append(FileChannel channel, ByteBuffer buffer) throws IOException {
    var copy = buffer.duplicate();
    int n = buffer.remaining();
    for (long at = length; buffer.hasRemaining(); ) {
      at += channel.write(buffer, at);
    }
    digest.update(copy);
    length += n;
  }

  /**
   * Begins again. The bytes on disk are overwritten as others arrive; until then they are only the
   * hint that they would be after a crash.
   */
  synchronized void restart() {
    digest = Sha256.newDigest();
    length = 0;
  }

  /** Whether the bytes are those of {@code expected}; asked once, when all are there. */
  synchronized boolean is(Sha256 expected) {
    return Sha256.of(digest).equals(expected);
  }

  Path path() {
    return path;
  }

  private synchronized void rehash() throws IOException {
    try (var in = Files.newInputStream(path)) {
      var buffer = new byte[BUFFER];
      for (int n; (n = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, n);
        length += n;
      }
    }
  }
}
