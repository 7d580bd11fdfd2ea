package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Sha1;
import org.jspecify.annotations.Nullable;

/** A file or a folder in a listing. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EntryView(
    String type,
    String oid,
    long size,
    String path,
    @Nullable Lfs lfs,
    @Nullable LastCommit lastCommit) {

  /** Where a file of Git LFS has its bytes. */
  record Lfs(String oid, long size, int pointerSize) {}

  /** The commit that brought it. */
  record LastCommit(String id, String title, String date) {}

  static EntryView file(FileEntry file, Revision revision, boolean expand) {
    var pointer = LfsPointer.of(file);
    return new EntryView(
        "file",
        pointer.oid(),
        file.size(),
        file.path(),
        new Lfs(file.sha256().hex(), file.size(), pointer.size()),
        expand ? lastCommit(revision) : null);
  }

  static EntryView folder(String path, Revision revision, boolean expand) {
    return new EntryView(
        "directory",
        Sha1.of("cairn.folder/1\n" + revision.commit() + "\n" + path + "\n"),
        0,
        path,
        null,
        expand ? lastCommit(revision) : null);
  }

  private static LastCommit lastCommit(Revision revision) {
    return new LastCommit(revision.commit(), revision.title(), HubTime.of(revision.date()));
  }
}
