package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.cairn.platform.Names;

/**
 * The folder that a pull writes to, and the only one: whatever a server calls its files, nothing is
 * written outside, over a link, or into a folder that tools treat as their own.
 */
final class OutputFolder {

  /** Where files are until they are complete and right. */
  static final String STAGING = ".cairn-pull";

  private final Path root;

  private OutputFolder(Path root) {
    this.root = root;
  }

  static OutputFolder at(Path folder) {
    try {
      Files.createDirectories(folder.resolve(STAGING));
      return new OutputFolder(folder.toRealPath());
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED, "Cannot write to %s: %s".formatted(folder, FolderWalk.reason(e)), e);
    }
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
    var target = root.resolve(path).normalize();
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

  /** Removes the folder for unfinished files if nothing unfinished is in it. */
  void tidy() {
    try (var left = Files.newDirectoryStream(staging())) {
      if (!left.iterator().hasNext()) {
        Files.delete(staging());
      }
    } catch (IOException e) {
      return; // what is left over does no harm
    }
  }

  private static CliException refused(String path, String why) {
    return new CliException(ExitCode.FAILED, "The path " + path + " is refused: " + why);
  }
}
