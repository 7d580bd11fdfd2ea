package org.cairn.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is to become of files that lie together: everything that goes, goes before anything comes,
 * whatever the order in which somebody said so.
 *
 * @param added of two with one path the later counts
 * @param deletedFolders without a slash at their end
 */
public record FileChanges(
    List<FileEntry> added, List<String> deletedFiles, List<String> deletedFolders) {

  /** Comes right after a slash. */
  private static final char AFTER_SLASH = '/' + 1;

  public FileChanges {
    added = List.copyOf(added);
    deletedFiles = List.copyOf(deletedFiles);
    deletedFolders = List.copyOf(deletedFolders);
  }

  /**
   * What the changes come to.
   *
   * @param put files that are new or have other bytes than before
   * @param removed paths that nothing has any more
   * @param after all files
   * @param missing paths that were to be deleted and had nothing
   */
  public record Outcome(
      List<FileEntry> put, List<String> removed, List<FileEntry> after, List<String> missing) {

    public boolean isEmpty() {
      return put.isEmpty() && removed.isEmpty();
    }
  }

  /** Takes away what goes; answers paths that were to go and had nothing. */
  public List<String> removeFrom(NavigableMap<String, ?> files) {
    var missing = new ArrayList<String>();
    deletedFiles.stream().filter(path -> !files.containsKey(path)).forEach(missing::add);
    deletedFolders.stream().filter(folder -> in(folder, files).isEmpty()).forEach(missing::add);
    deletedFiles.forEach(files::remove);
    deletedFolders.forEach(folder -> in(folder, files).clear());
    return missing;
  }

  private static NavigableMap<String, ?> in(String folder, NavigableMap<String, ?> files) {
    return files.subMap(folder + '/', true, folder + AFTER_SLASH, false);
  }

  /** Makes the changes to {@code files}. */
  public Outcome on(List<FileEntry> files) {
    var before = new TreeMap<String, FileEntry>();
    files.forEach(file -> before.put(file.path(), file));
    var after = new TreeMap<>(before);
    var missing = removeFrom(after);
    added.forEach(file -> after.put(file.path(), file));
    var put = new ArrayList<FileEntry>();
    for (var file : after.values()) {
      var old = before.get(file.path());
      if (old == null || !old.sha256().equals(file.sha256()) || old.size() != file.size()) {
        put.add(file);
      }
    }
    var removed = before.keySet().stream().filter(path -> !after.containsKey(path)).toList();
    return new Outcome(put, removed, List.copyOf(after.values()), missing);
  }
}
