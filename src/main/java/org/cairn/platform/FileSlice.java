package org.cairn.platform;

/**
 * A part of a listing of files, in the order of the bytes of their paths.
 *
 * @param folder whose files are meant, with a slash at its end; empty for all
 * @param from the least path that the part may have; empty for the beginning
 * @param recursive whether every file is meant, or the first one of each folder in {@code folder}
 */
public record FileSlice(String folder, String from, boolean recursive, int limit) {

  /** Comes right after a slash: the least path behind those of a folder begins with it. */
  private static final char AFTER_SLASH = '/' + 1;

  /** The part that begins right after {@code path}. */
  public FileSlice after(String path) {
    int slash = path.indexOf('/', folder.length());
    // No path has a control character, so this is the least one after it.
    return new FileSlice(
        folder,
        !recursive && slash >= 0 ? path.substring(0, slash) + AFTER_SLASH : path + '\u0001',
        recursive,
        limit);
  }

  String first() {
    return from.startsWith(folder) ? from : folder;
  }

  /** The least path behind the folder; empty where there is none. */
  String end() {
    return folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1) + AFTER_SLASH;
  }
}
