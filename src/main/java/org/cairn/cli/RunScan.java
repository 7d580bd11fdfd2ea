package org.cairn.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cairn.cli.RunFolder.CheckpointFolder;

/** Tells which files of a run belong to which checkpoint, and which to the run itself. */
final class RunScan {

  static final String CHECKPOINTS = "checkpoints";

  /** Folders of a run that hold its checkpoints, by convention. */
  private static final List<String> CHECKPOINT_FOLDERS =
      List.of(CHECKPOINTS, "checkpoint", "ckpts", "ckpt", "snapshots", "weights", "saves");

  private final Console console;

  RunScan(Console console) {
    this.console = console;
  }

  /**
   * @param place where in the published folder the run lies
   * @param all its files
   */
  RunFolder scan(String name, String place, Path root, List<LocalFile> all) {
    var folder = checkpointsOf(root).orElseThrow();
    var prefix = folder.isEmpty() ? "" : folder + "/";
    var files = new ArrayList<LocalFile>();
    var byFolder = new HashMap<String, List<LocalFile>>();
    var byStep = new TreeMap<Long, List<LocalFile>>();
    for (var file : all) {
      var below = file.name().startsWith(prefix) ? file.name().substring(prefix.length()) : "/";
      var slash = below.indexOf('/');
      if (slash > 0 && stepOf(below.substring(0, slash), folder).isPresent()) {
        var inside = below.substring(0, slash);
        byFolder.computeIfAbsent(inside, key -> new ArrayList<>()).add(file.below(prefix + inside));
      } else if (slash < 0 && StepName.ofFile(below).isPresent()) {
        var step = StepName.ofFile(below).orElseThrow().step();
        byStep.computeIfAbsent(step, key -> new ArrayList<>()).add(file);
      } else {
        files.add(file);
      }
    }
    var checkpoints = new ArrayList<CheckpointFolder>();
    byFolder.forEach((inside, inFolder) ->
        checkpoints.add(
            new CheckpointFolder(stepOf(inside, folder).orElseThrow(), inside, inFolder)));
    refuseTwins(root, checkpoints);
    warnOfEmpty(root.resolve(folder), folder, byFolder.keySet());
    addFiles(byStep, prefix, checkpoints, files);
    checkpoints.sort(
        Comparator.comparing((CheckpointFolder checkpoint) -> checkpoint.name().counterKey())
            .thenComparingLong(checkpoint -> checkpoint.name().step()));
    return new RunFolder(name, place, root, folder, checkpoints, files);
  }

  /** Files that are checkpoints by themselves; what only looks like them belongs to the run. */
  private static void addFiles(
      Map<Long, List<LocalFile>> byStep,
      String prefix,
      List<CheckpointFolder> checkpoints,
      List<LocalFile> files) {
    var taken = new HashSet<Long>();
    for (var checkpoint : checkpoints) {
      if (checkpoint.name().counter().isEmpty()) {
        taken.add(checkpoint.name().step());
      }
    }
    byStep.forEach((step, together) -> {
      var whole = together.stream().anyMatch(file -> StepName.isWhole(leafOf(file.name())));
      if (!whole || taken.contains(step)) {
        files.addAll(together);
        return;
      }
      var inside =
          together.stream()
              .map(file -> prefix.isEmpty() ? file : file.below(prefix.replaceAll("/$", "")))
              .toList();
      var name = StepName.ofFile(leafOf(together.getFirst().name())).orElseThrow();
      checkpoints.add(new CheckpointFolder(name, CheckpointFolder.NONE, inside));
    });
  }

  /** A save that broke off, most likely; without a file there is nothing to publish. */
  private void warnOfEmpty(Path folder, String among, Set<String> found) {
    for (var child : LayoutScan.children(folder)) {
      var name = LayoutScan.leaf(child);
      if (Files.isDirectory(child) && stepOf(name, among).isPresent() && !found.contains(name)) {
        console.warn("not published, because no file is in it: " + child);
      }
    }
  }

  private static void refuseTwins(Path root, List<CheckpointFolder> checkpoints) {
    var seen = new HashMap<String, String>();
    for (var checkpoint : checkpoints) {
      var name = checkpoint.name();
      var other = seen.put(name.counterKey() + "/" + name.step(), name.label());
      if (other != null) {
        throw new CliException(
            ExitCode.USAGE,
            "%s: %s and %s are both %s; a run has one checkpoint of a step, so publish them as two"
                    .formatted(root, other, name.label(), name.position())
                + " runs, or put one into the other as another representation");
      }
    }
  }

  /**
   * Where in a run's folder its checkpoints are, empty for directly in it; none where it is no run.
   */
  static Optional<String> checkpointsOf(Path run) {
    for (var folder : CHECKPOINT_FOLDERS) {
      if (hasSteps(run.resolve(folder), folder)) {
        return Optional.of(folder);
      }
    }
    return hasSteps(run, "") ? Optional.of("") : Optional.empty();
  }

  private static boolean hasSteps(Path folder, String among) {
    return Files.isDirectory(folder)
        && LayoutScan.children(folder).stream()
            .anyMatch(child ->
                Files.isDirectory(child)
                    ? stepOf(LayoutScan.leaf(child), among).isPresent()
                    : StepName.isWhole(LayoutScan.leaf(child)));
  }

  /** The step that a folder stands for, which lies in a run or in one for checkpoints. */
  private static Optional<StepName> stepOf(String folder, String among) {
    return among.isEmpty() ? StepName.parse(folder) : StepName.among(folder);
  }

  private static String leafOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
