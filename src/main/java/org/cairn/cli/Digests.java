package org.cairn.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.cairn.platform.Sha256;

/** The digests of local files, each read once, several at a time. */
final class Digests {

  private static final int BUFFER = 1 << 18;

  private final Map<Path, Sha256> byPath;

  private Digests(Map<Path, Sha256> byPath) {
    this.byPath = byPath;
  }

  static Digests of(Collection<LocalFile> files, Progress progress) {
    var tasks = files.stream().<Callable<Sha256>>map(file -> () -> hash(file, progress)).toList();
    // Hashing is bound by the processor: more threads than those would only seek.
    var digests = Parallel.all(Runtime.getRuntime().availableProcessors(), tasks);
    var byPath = new HashMap<Path, Sha256>();
    int i = 0;
    for (var file : files) {
      byPath.put(file.path(), digests.get(i++));
    }
    return new Digests(byPath);
  }

  Sha256 of(LocalFile file) {
    var digest = byPath.get(file.path());
    if (digest == null) {
      throw new IllegalStateException("not hashed: " + file.path());
    }
    return digest;
  }

  /**
   * The digest of the first {@code size} bytes.
   *
   * @throws IOException where there are fewer
   */
  static Sha256 hash(Path path, long size, LongConsumer read) throws IOException {
    var digest = Sha256.newDigest();
    var buffer = ByteBuffer.allocateDirect(Math.clamp(size, 1, BUFFER));
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      for (long left = size; left > 0; ) {
        buffer.clear().limit((int) Math.min(left, buffer.capacity()));
        int n = channel.read(buffer);
        if (n < 0) {
          throw new IOException("it became shorter while it was read");
        }
        digest.update(buffer.flip());
        left -= n;
        read.accept(n);
      }
    }
    return Sha256.of(digest);
  }

  private static Sha256 hash(LocalFile file, Progress progress) {
    try {
      return hash(file.path(), file.size(), progress::add);
    } catch (IOException e) {
      throw FolderWalk.unreadable(file.path(), e);
    }
  }

  /** The distinct digests of {@code files}, each with the first file that has it. */
  Map<Sha256, LocalFile> distinct(List<LocalFile> files) {
    var distinct = new java.util.LinkedHashMap<Sha256, LocalFile>();
    files.forEach(file -> distinct.putIfAbsent(of(file), file));
    return distinct;
  }
}
