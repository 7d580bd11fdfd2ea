package org.cairn.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.cairn.platform.Names;

/**
 * The folder that a pull writes to, and the only one: whatever a server calls its files, nothing is
 * written outside, over a link, or into a folder that tools treat as their own.
 */
final class OutputFolder implements AutoCloseable {

  /** Where files are until they are complete and right. */
  static final String STAGING = ".cairn-pull";

  private static final String LOCK = "lock";

  private final Path root;
  private final FileChannel lock;

  private OutputFolder(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Takes the folder for one pull: two at once would continue each other's unfinished files. */
  static OutputFolder at(Path folder) {
    try {
      Files.createDirectories(folder.resolve(STAGING));
      var root = folder.toRealPath();
      var lock =
          FileChannel.open(
              root.resolve(STAGING).resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (isTaken(lock)) {
        lock.close();
        throw new CliException(
            ExitCode.FAILED,
            "Another pull writes to " + root + ": wait for it, or give another DIR");
      }
      return new OutputFolder(root, lock);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED, "Cannot write to %s: %s".formatted(folder, FolderWalk.reason(e)), e);
    }
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /**
   * Refuses paths that are one file where upper and lower case, or ways to write an accent, are not
   * told apart.
   */
  void refuseTwins(Collection<String> paths) {
    if (!Files.exists(root.resolve(STAGING.toUpperCase(Locale.ROOT)))) {
      return;
    }
    var twins = twins(paths);
    if (!twins.isEmpty()) {
      throw new CliException(
          ExitCode.FAILED,
          "%s and %s would be one file in %s, which does not tell them apart: use another disk"
              .formatted(twins.getFirst(), twins.getLast(), root));
    }
  }

  /** The first two of {@code paths} that are equal but for case; none where there are no such. */
  static List<String> twins(Collection<String> paths) {
    var seen = new HashMap<String, String>();
    for (var path : paths) {
      var key = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
      var other = seen.putIfAbsent(key, path);
      if (other != null && !other.equals(path)) {
        return List.of(other, path);
      }
    }
    return List.of();
  }

  Path root() {
    return root;
  }

  Path staging() {
    return root.resolve(STAGING);
  }

  /** Where a file of this path goes; refuses a path that a hostile server has made up. */
  Path target(String path) {
    var fault = Names.faultOfPath(path);
    if (!fault.isEmpty()) {
      throw refused(path, fault);
    }
    var target = resolve(path);
    if (!target.startsWith(root) || target.equals(root)) {
      throw refused(path, "it leads out of " + root);
    }
    if (target.startsWith(staging())) {
      throw refused(path, "it lies in the folder for unfinished files");
    }
    for (var above = target.getParent();
        above != null && !above.equals(root);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        throw refused(path, above + " is a link");
      }
      if (Files.exists(above, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(above)) {
        throw refused(path, above + " is a file");
      }
    }
    return target;
  }

  private Path resolve(String path) {
    try {
      return root.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw refused(path, "this system cannot have a file of that name (" + e.getReason() + ")");
    }
  }

  /** Lets the folder go, and removes the one for unfinished files if nothing is in it. */
  @Override
  public void close() {
    try {
      lock.close();
      Files.deleteIfExists(staging().resolve(LOCK));
      Files.delete(staging());
    } catch (IOException e) {
      return; // what is left over does no harm, and is continued by the next pull
    }
  }

  private static CliException refused(String path, String why) {
    return new CliException(ExitCode.FAILED, "The path " + path + " is refused: " + why);
  }
}
