package org.cairn.hub;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;

/** The files of a revision. */
interface RevisionFiles {

  List<FileEntry> list(FileSlice slice);

  /** Those of {@code paths} that are files. */
  List<FileEntry> files(Collection<String> paths);

  /** Those of {@code paths} that are folders. */
  Set<String> folders(Collection<String> paths);

  /** How many elements of each type the weights have; empty where nobody knows. */
  Map<String, Long> parameters();

  /** Of a repository in which nothing is yet. */
  RevisionFiles NONE =
      new RevisionFiles() {
        @Override
        public List<FileEntry> list(FileSlice slice) {
          return List.of();
        }

        @Override
        public List<FileEntry> files(Collection<String> paths) {
          return List.of();
        }

        @Override
        public Set<String> folders(Collection<String> paths) {
          return Set.of();
        }

        @Override
        public Map<String, Long> parameters() {
          return Map.of();
        }
      };
}
