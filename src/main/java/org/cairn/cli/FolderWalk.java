package org.cairn.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cairn.platform.Names;

/**
 * Finds every file below a folder. Links are followed only where they stay inside the folder that
 * the user named: otherwise a link in a training folder could publish a private key. What cannot be
 * published is an error here, before the first request.
 */
final class FolderWalk {

  private final Path boundary;
  private final boolean follow;
  private final Console console;

  /**
   * @param boundary the folder that the user named, with links resolved
   * @param follow whether the user wants links followed that lead out of it
   */
  FolderWalk(Path boundary, boolean follow, Console console) {
    this.boundary = boundary;
    this.follow = follow;
    this.console = console;
  }

  /** The files below {@code folder}, hidden ones included, in the order of their names. */
  List<LocalFile> files(Path folder) {
    var files = new ArrayList<LocalFile>();
    try {
      walk(folder, "", List.of(folder.toRealPath()), files);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    return files;
  }

  /** The folders and files directly in {@code folder}, in the order of their names. */
  static List<Path> children(Path folder) throws IOException {
    try (var stream = Files.newDirectoryStream(folder)) {
      var children = new ArrayList<Path>();
      stream.forEach(children::add);
      children.sort(null);
      return children;
    }
  }

  static CliException unreadable(Path within, IOException e) {
    var named = e instanceof FileSystemException precise ? precise.getFile() : null;
    var path = named == null ? within.toString() : named;
    return new CliException(ExitCode.FAILED, "Cannot read %s: %s".formatted(path, reason(e)), e);
  }

  /** The cause of a failed file operation without the path that most messages consist of. */
  static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException x -> "it is not there";
      case java.nio.file.AccessDeniedException x -> "permission denied";
      case java.nio.file.NotDirectoryException x -> "it is not a folder";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private void walk(Path folder, String prefix, List<Path> above, List<LocalFile> files)
      throws IOException {
    for (var child : children(folder)) {
      var leaf = leaf(child);
      var name = prefix.isEmpty() ? leaf : prefix + "/" + leaf;
      if (belongsToTool(leaf)) {
        console.warn("not published, because it belongs to a tool: " + child);
        continue;
      }
      visit(child, name, above, files);
    }
  }

  private void visit(Path child, String name, List<Path> above, List<LocalFile> files)
      throws IOException {
    var target = target(child);
    var attributes =
        Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isDirectory()) {
      var real = child.toRealPath();
      if (above.contains(real)) {
        throw refused(child, "is a link to a folder that it is in");
      }
      var deeper = new ArrayList<>(above);
      deeper.add(real);
      walk(child, name, deeper, files);
      return;
    }
    if (!attributes.isRegularFile()) {
      throw refused(child, "is neither a file nor a folder (a pipe, socket or device)");
    }
    if (!Files.isReadable(target)) {
      throw new CliException(ExitCode.FAILED, "Cannot read " + child + ": permission denied");
    }
    var fault = Names.faultOfPath(name);
    if (!fault.isEmpty()) {
      throw refused(child, "cannot be published under its name: " + fault);
    }
    files.add(new LocalFile(child, name, attributes.size()));
  }

  /** The name as text; refuses one that text cannot hold, which would come back as another. */
  private static String leaf(Path path) {
    var leaf = path.getFileName();
    try {
      if (leaf.getFileSystem().getPath(leaf.toString()).equals(leaf)) {
        return leaf.toString();
      }
    } catch (InvalidPathException e) {
      throw notText(path);
    }
    throw notText(path);
  }

  private static CliException notText(Path path) {
    return refused(
        path, "has a name that is not text in this locale's encoding (it should be UTF-8)");
  }

  /** What {@code path} stands for: itself, or what a link leads to. */
  private Path target(Path path) throws IOException {
    if (!Files.isSymbolicLink(path)) {
      return path;
    }
    if (!Files.exists(path)) {
      throw refused(path, "is a link that leads nowhere");
    }
    var real = path.toRealPath();
    if (!follow && !real.startsWith(boundary)) {
      throw refused(
          path,
          "is a link that leads out of %s, to %s (--follow-links permits it)"
              .formatted(boundary, real));
    }
    return real;
  }

  private static boolean belongsToTool(String leaf) {
    var lower = leaf.toLowerCase(Locale.ROOT);
    return lower.equals(".git") || lower.equals(".cache") || lower.equals(OutputFolder.STAGING);
  }

  private static CliException refused(Path path, String why) {
    return new CliException(ExitCode.FAILED, path + " " + why + "; nothing was published");
  }
}
