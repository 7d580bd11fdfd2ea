package org.cairn.hub;

import java.util.ArrayList;
import java.util.List;
import org.cairn.api.PageToken;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.jspecify.annotations.Nullable;

/**
 * A page of the files and folders in a folder.
 *
 * @param cursor of the next page; null on the last one
 */
record FolderListing(List<EntryView> entries, @Nullable String cursor) {

  /**
   * Reads a page.
   *
   * @param folder without a slash at its end; empty for all of the repository
   * @param cursor of the page before; null for the first page
   */
  static FolderListing read(
      Revision revision,
      String folder,
      boolean recursive,
      boolean expand,
      @Nullable String cursor,
      int limit) {
    var prefix = folder.isEmpty() ? "" : folder + "/";
    var token = PageToken.parse(cursor, 2);
    var slice =
        new FileSlice(prefix, token == null ? "" : token.key().getFirst(), recursive, limit + 1);
    var files = revision.files().list(slice);
    if (files.isEmpty() && token == null && !folder.isEmpty()) {
      throw HubException.entryNotFound(folder, revision);
    }
    boolean more = files.size() > limit;
    var shown = more ? files.subList(0, limit) : files;
    var entries = new ArrayList<EntryView>();
    var previous = token == null ? prefix : token.key().getLast();
    for (var file : shown) {
      for (int slash = firstNewFolder(prefix, previous, file.path());
          slash >= 0;
          slash = recursive ? file.path().indexOf('/', slash + 1) : -1) {
        entries.add(EntryView.folder(file.path().substring(0, slash), revision, expand));
      }
      if (recursive || file.path().indexOf('/', prefix.length()) < 0) {
        entries.add(EntryView.file(file, revision, expand));
      }
      previous = file.path();
    }
    return new FolderListing(entries, more ? next(slice, shown.getLast()) : null);
  }

  private static String next(FileSlice slice, FileEntry last) {
    return new PageToken(List.of(slice.after(last.path()).from(), last.path())).toString();
  }

  /** The end of the first folder of {@code path} that {@code previous} is not in, or -1. */
  private static int firstNewFolder(String prefix, String previous, String path) {
    int slash = path.indexOf('/', prefix.length());
    while (slash >= 0 && previous.startsWith(path.substring(0, slash + 1))) {
      slash = path.indexOf('/', slash + 1);
    }
    return slash;
  }
}
