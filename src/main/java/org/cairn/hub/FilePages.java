package org.cairn.hub;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;

/**
 * All files of a revision, read page by page; the first one at once, so that what fails fails
 * before anything is answered.
 */
final class FilePages implements Iterator<FileEntry> {

  private static final int PAGE = 2_000;

  private final RevisionFiles files;
  private FileSlice slice = new FileSlice("", "", true, PAGE);
  private List<FileEntry> page;
  private int next;

  FilePages(RevisionFiles files) {
    this.files = files;
    this.page = files.list(slice);
  }

  @Override
  public boolean hasNext() {
    if (next == page.size() && page.size() == PAGE) {
      slice = slice.after(page.getLast().path());
      page = files.list(slice);
      next = 0;
    }
    return next < page.size();
  }

  @Override
  public FileEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.get(next++);
  }
}
