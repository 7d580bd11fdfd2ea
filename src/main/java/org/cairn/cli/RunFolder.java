package org.cairn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run as it lies on disk.
 *
 * @param name what it will be called
 * @param place where in the published folder it lies, such as {@code runs/a}; empty where it is
 *     that folder; kept in the run's metadata, so that a pull of the project restores the same tree
 * @param root its folder
 * @param checkpointsFolder where in it the checkpoints are: {@code checkpoints}, or empty where
 *     they lie directly in it; kept in the run's metadata, so that a pull restores the same tree
 * @param files everything that is in no checkpoint, paths relative to the root
 */
record RunFolder(
    String name,
    String place,
    Path root,
    String checkpointsFolder,
    List<CheckpointFolder> checkpoints,
    List<LocalFile> files) {

  RunFolder {
    checkpoints = List.copyOf(checkpoints);
    files = List.copyOf(files);
  }

  /**
   * A checkpoint: its files have paths relative to its own folder.
   *
   * @param folder its folder below the one of the checkpoints, or a dot where its files lie
   *     directly in that
   */
  record CheckpointFolder(StepName name, String folder, List<LocalFile> files) {

    static final String NONE = ".";

    CheckpointFolder {
      files = List.copyOf(files);
    }
  }

  RunFolder named(String other) {
    return new RunFolder(other, place, root, checkpointsFolder, checkpoints, files);
  }

  Optional<LocalFile> file(String path) {
    return files.stream().filter(file -> file.name().equals(path)).findFirst();
  }
}
