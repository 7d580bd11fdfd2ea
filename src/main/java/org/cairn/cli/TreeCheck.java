package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.cairn.cli.Manifest.Entry;

/** Compares a folder with what should be in it. */
final class TreeCheck {

  /**
   * What was found.
   *
   * @param right how many files are as they should be
   */
  record Outcome(long right, List<String> missing, List<String> changed, List<String> extra) {}

  private TreeCheck() {}

  /**
   * @param vouched a file that need not be listed: the manifest itself
   */
  static Outcome check(Path root, Map<String, Entry> expected, String vouched, Progress progress) {
    var missing = new ArrayList<String>();
    var changed = new ArrayList<String>();
    var checks =
        expected.entrySet().stream()
            .<Callable<String>>map(
                entry -> () -> state(root.resolve(entry.getKey()), entry.getValue(), progress))
            .toList();
    var states = Parallel.all(Runtime.getRuntime().availableProcessors(), checks);
    int i = 0;
    long right = 0;
    for (var path : expected.keySet()) {
      switch (states.get(i++)) {
        case "right" -> right++;
        case "missing" -> missing.add(path);
        default -> changed.add(path);
      }
    }
    var extra = new TreeSet<>(present(root));
    extra.removeAll(expected.keySet());
    extra.remove(vouched);
    return new Outcome(right, missing, changed, List.copyOf(extra));
  }

  private static String state(Path path, Entry expected, Progress progress) {
    try {
      return stateOrThrow(path, expected, progress);
    } catch (IOException e) {
      throw FolderWalk.unreadable(path, e);
    }
  }

  private static String stateOrThrow(Path path, Entry expected, Progress progress)
      throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return "missing";
    }
    if (!Files.isRegularFile(path)) {
      return "changed";
    }
    var size = Files.size(path);
    if (expected.size() >= 0 && size != expected.size()) {
      return "changed";
    }
    var digest = Digests.hash(path, size, progress::add);
    return digest.equals(expected.sha256()) ? "right" : "changed";
  }

  private static List<String> present(Path root) {
    try (var walk = Files.walk(root)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .filter(path -> !path.startsWith(OutputFolder.STAGING + "/"))
          .toList();
    } catch (IOException e) {
      throw FolderWalk.unreadable(root, e);
    }
  }
}
