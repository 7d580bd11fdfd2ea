package org.cairn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run as it lies on disk.
 *
 * @param name what it will be called
 * @param root its folder
 * @param checkpointsFolder where in it the checkpoints are: {@code checkpoints}, or empty where
 *     they lie directly in it; kept in the run's metadata, so that a pull restores the same tree
 * @param files everything that is in no checkpoint, paths relative to the root
 */
record RunFolder(
    String name,
    Path root,
    String checkpointsFolder,
    List<CheckpointFolder> checkpoints,
    List<LocalFile> files) {

  RunFolder {
    checkpoints = List.copyOf(checkpoints);
    files = List.copyOf(files);
  }

  /** A checkpoint: its files have paths relative to its own folder. */
  record CheckpointFolder(StepName name, List<LocalFile> files) {
    CheckpointFolder {
      files = List.copyOf(files);
    }
  }

  RunFolder named(String other) {
    return new RunFolder(other, root, checkpointsFolder, checkpoints, files);
  }

  Optional<LocalFile> file(String path) {
    return files.stream().filter(file -> file.name().equals(path)).findFirst();
  }
}
