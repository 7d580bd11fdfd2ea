package org.cairn.hub;

import java.util.List;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What a commit is to do.
 *
 * @param parent beginning of the commit that it was made for; null for any
 */
record CommitRequest(
    @Nullable String parent,
    List<NewFile> files,
    List<Copy> copies,
    List<String> deletedFiles,
    List<String> deletedFolders) {

  /**
   * A file and its bytes, which came in the commit or before it.
   *
   * @param size null where nobody said it
   */
  record NewFile(String path, Sha256 sha256, @Nullable Long size) {}

  /**
   * A file that is to have the bytes of another one.
   *
   * @param revision of the source; null for the branch of the commit
   */
  record Copy(String path, String source, @Nullable String revision) {}
}
