package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.cairn.cli.Layout.DataFolder;
import org.cairn.cli.RunFolder.CheckpointFolder;
import org.cairn.platform.Names;

/**
 * Recognises how a folder is laid out: a run (with {@code checkpoints/}, or with its checkpoints
 * directly in it), a suite (with {@code runs/}), or a folder of runs. A run is asked for first,
 * because trainers put a {@code runs/} of their own beside their checkpoints.
 */
final class LayoutScan {

  static final String CHECKPOINTS = "checkpoints";
  static final String RUNS = "runs";
  static final String DATASET = "dataset";

  /** Files of a suite that are in neither a run nor the dataset: code, licences, tokenizer. */
  static final String SUITE = "suite";

  private final Console console;

  LayoutScan(Console console) {
    this.console = console;
  }

  Layout scan(Path folder) {
    try {
      var root = folder.toRealPath();
      if (!Files.isDirectory(root)) {
        throw new CliException(ExitCode.USAGE, folder + " is not a folder");
      }
      var walk = new FolderWalk(root, console);
      if (isRun(root)) {
        return new Layout(List.of(run(root, walk)), List.of());
      }
      if (Files.isDirectory(root.resolve(RUNS)) && !runsIn(root.resolve(RUNS)).isEmpty()) {
        return suite(root, walk);
      }
      var runs = runsIn(root);
      if (runs.isEmpty()) {
        throw new CliException(
            ExitCode.USAGE,
            folder
                + " holds no checkpoints: expected folders such as step1000 or checkpoint-500 in it"
                + " or in its checkpoints/, or run folders in it or in its runs/");
      }
      for (var child : FolderWalk.children(root)) {
        if (!runs.contains(child)) {
          console.warn("not published, because it is in no run: " + child);
        }
      }
      return new Layout(runs.stream().map(run -> run(run, walk)).toList(), List.of());
    } catch (IOException e) {
      throw FolderWalk.unreadable(folder, e);
    }
  }

  private Layout suite(Path root, FolderWalk walk) throws IOException {
    var runFolders = runsIn(root.resolve(RUNS));
    var runs = runFolders.stream().map(run -> run(run, walk)).toList();
    var prefixes = runFolders.stream().map(run -> RUNS + "/" + run.getFileName() + "/").toList();
    var dataset = new ArrayList<LocalFile>();
    var shared = new ArrayList<LocalFile>();
    for (var file : walk.files(root)) {
      if (file.name().startsWith(DATASET + "/")) {
        dataset.add(file.below(DATASET));
      } else if (prefixes.stream().noneMatch(file.name()::startsWith)) {
        shared.add(file);
      }
    }
    var data = new ArrayList<DataFolder>();
    var name = root.getFileName().toString();
    if (!dataset.isEmpty()) {
      data.add(new DataFolder(DATASET, "Data of " + name, DATASET, root.resolve(DATASET), dataset));
    }
    if (!shared.isEmpty()) {
      data.add(new DataFolder(SUITE, "Files of " + name + " outside its runs", "", root, shared));
    }
    return new Layout(runs, data);
  }

  private RunFolder run(Path root, FolderWalk walk) {
    var name = root.getFileName() == null ? "" : root.getFileName().toString();
    var inside = hasSteps(root.resolve(CHECKPOINTS));
    var prefix = inside ? CHECKPOINTS + "/" : "";
    var files = new ArrayList<LocalFile>();
    var byFolder = new HashMap<String, List<LocalFile>>();
    for (var file : walk.files(root)) {
      var folder = stepFolder(file.name(), prefix);
      if (folder.isEmpty()) {
        files.add(file);
      } else {
        byFolder.computeIfAbsent(folder, key -> new ArrayList<>()).add(file.below(prefix + folder));
      }
    }
    var checkpoints = new ArrayList<CheckpointFolder>();
    byFolder.forEach((folder, inFolder) ->
        checkpoints.add(new CheckpointFolder(StepName.parse(folder).orElseThrow(), inFolder)));
    checkpoints.sort((a, b) ->
        a.name().counterKey().equals(b.name().counterKey())
            ? Long.compare(a.name().step(), b.name().step())
            : a.name().counterKey().compareTo(b.name().counterKey()));
    refuseTwins(root, checkpoints);
    return new RunFolder(name, root, inside ? CHECKPOINTS : "", checkpoints, files);
  }

  /** The checkpoint folder that {@code file} lies in, or empty. */
  private static String stepFolder(String file, String prefix) {
    if (!file.startsWith(prefix)) {
      return "";
    }
    var slash = file.indexOf('/', prefix.length());
    if (slash < 0) {
      return "";
    }
    var folder = file.substring(prefix.length(), slash);
    return StepName.parse(folder).isPresent() ? folder : "";
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

  private static boolean isRun(Path folder) {
    return hasSteps(folder.resolve(CHECKPOINTS)) || hasSteps(folder);
  }

  private static boolean hasSteps(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try {
      return FolderWalk.children(folder).stream()
          .anyMatch(child ->
              Files.isDirectory(child)
                  && StepName.parse(child.getFileName().toString()).isPresent());
    } catch (IOException e) {
      throw FolderWalk.unreadable(folder, e);
    }
  }

  private static List<Path> runsIn(Path folder) throws IOException {
    return FolderWalk.children(folder).stream()
        .filter(child -> Files.isDirectory(child) && isRun(child))
        .toList();
  }

  /** Refuses what the registry would refuse, before it has to. */
  static String requireSlug(String what, String name) {
    if (!Names.isSlug(name)) {
      throw new CliException(
          ExitCode.USAGE, "%s %s: a name %s".formatted(what, name, Names.SLUG_MESSAGE));
    }
    return name;
  }
}
