package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cairn.cli.Layout.DataFolder;
import org.cairn.platform.Names;

/**
 * Recognises how a folder is laid out: a run (with {@code checkpoints/} or the like, or with its
 * checkpoints directly in it), or a suite: runs at any depth, and whatever else lies beside them. A
 * run is asked for first, because trainers put a {@code runs/} of their own beside their
 * checkpoints. Every file that is found belongs to a checkpoint, to a run, or to the data of the
 * suite.
 */
final class LayoutScan {

  static final String RUNS = "runs";

  /** Files of a suite that are in neither a run nor a dataset: code, licences, tokenizer. */
  static final String SUITE = "suite";

  /** Folders of a suite that are a dataset, and the one whose folders are one each. */
  private static final List<String> DATASETS = List.of("dataset", "data");

  private static final String MANY_DATASETS = "datasets";

  /** Folders that only hold runs: they say nothing of them. */
  private static final Set<String> CONTAINERS = Set.of(RUNS, "models", "experiments", "outputs");

  /** How deep below the folder runs are looked for. */
  private static final int DEPTH = 4;

  private final Console console;
  private final boolean followLinks;

  /**
   * @param followLinks whether links that lead out of the scanned folder are followed
   */
  LayoutScan(Console console, boolean followLinks) {
    this.console = console;
    this.followLinks = followLinks;
  }

  Layout scan(Path folder) {
    try {
      var root = folder.toRealPath();
      if (!Files.isDirectory(root)) {
        throw new CliException(ExitCode.USAGE, folder + " is not a folder");
      }
      var walk = new FolderWalk(root, followLinks, console);
      if (RunScan.checkpointsOf(root).isPresent()) {
        return new Layout(
            List.of(new RunScan(console).scan(name(leaf(root)), "", root, walk.files(root))),
            List.of());
      }
      var runs = new ArrayList<Path>();
      collectRuns(root, DEPTH, runs);
      if (runs.isEmpty()) {
        throw new CliException(
            ExitCode.USAGE,
            folder
                + " holds no checkpoints: expected folders such as step1000 or checkpoint-500 in it"
                + " or in its checkpoints/, or run folders in it or in its runs/");
      }
      return suite(root, runs, walk.files(root));
    } catch (IOException e) {
      throw FolderWalk.unreadable(folder, e);
    }
  }

  private Layout suite(Path root, List<Path> runFolders, List<LocalFile> files) {
    var scan = new RunScan(console);
    var runs = new ArrayList<RunFolder>();
    var rest = files;
    for (var folder : runFolders) {
      var place = root.relativize(folder).toString().replace('\\', '/');
      var inside = new ArrayList<LocalFile>();
      var outside = new ArrayList<LocalFile>();
      for (var file : rest) {
        if (file.name().startsWith(place + "/")) {
          inside.add(file.below(place));
        } else {
          outside.add(file);
        }
      }
      rest = outside;
      runs.add(scan.scan(name(place), place, folder, inside));
    }
    return new Layout(runs, data(root, rest));
  }

  /** The datasets of a suite, and as one more everything that is in none. */
  private static List<DataFolder> data(Path root, List<LocalFile> files) {
    var byFolder = new LinkedHashMap<String, List<LocalFile>>();
    for (var file : files) {
      byFolder.computeIfAbsent(datasetOf(file.name()), key -> new ArrayList<>()).add(file);
    }
    var suite = leaf(root);
    var shared = new ArrayList<>(byFolder.getOrDefault("", List.of()));
    var names = new HashSet<>(List.of(SUITE));
    var data = new ArrayList<DataFolder>();
    byFolder.forEach((folder, inFolder) -> {
      var name = folder.substring(folder.lastIndexOf('/') + 1);
      if (folder.isEmpty()) {
        return;
      }
      if (Names.isSlug(name) && names.add(name.toLowerCase(Locale.ROOT))) {
        var below = inFolder.stream().map(file -> file.below(folder)).toList();
        data.add(new DataFolder(name, "Data of " + suite, folder, root.resolve(folder), below));
      } else {
        shared.addAll(inFolder);
      }
    });
    if (!shared.isEmpty()) {
      data.add(new DataFolder(SUITE, "Files of " + suite + " outside its runs", "", root, shared));
    }
    return data;
  }

  /** The folder of the dataset that a file belongs to, or empty. */
  private static String datasetOf(String file) {
    var parts = file.split("/", 3);
    if (parts.length > 1 && DATASETS.contains(parts[0])) {
      return parts[0];
    }
    return parts.length > 2 && parts[0].equals(MANY_DATASETS) ? parts[0] + "/" + parts[1] : "";
  }

  /**
   * What a run is called: as its folder and those above it, so that no other run that comes later
   * changes its name. What a name cannot have becomes a dash.
   */
  private String name(String place) {
    var below = place.substring(place.indexOf('/') + 1);
    var container = CONTAINERS.contains(place.substring(0, Math.max(0, place.indexOf('/'))));
    var wanted = (container ? below : place).replace('/', '-');
    if (Names.isSlug(wanted)) {
      return wanted;
    }
    var name =
        wanted
            .replaceAll("[^A-Za-z0-9_.]+", "-")
            .replaceAll("\\.{2,}", ".")
            .replaceAll("^[-.]+|[-.]+$", "");
    console.warn("published as run %s: %s".formatted(name, place));
    return name;
  }

  private static void collectRuns(Path folder, int depth, List<Path> runs) {
    var named = folder.resolve(RUNS);
    if (depth == DEPTH && Files.isDirectory(named)) {
      collectRuns(named, depth - 1, runs);
      if (!runs.isEmpty()) {
        return;
      }
    }
    for (var child : children(folder)) {
      if (!Files.isDirectory(child) || leaf(child).startsWith(".")) {
        continue;
      }
      if (RunScan.checkpointsOf(child).isPresent()) {
        runs.add(child);
      } else if (depth > 1 && !Files.isSymbolicLink(child)) {
        collectRuns(child, depth - 1, runs);
      }
    }
  }

  static List<Path> children(Path folder) {
    try {
      return FolderWalk.children(folder);
    } catch (IOException e) {
      throw FolderWalk.unreadable(folder, e);
    }
  }

  static String leaf(Path path) {
    return path.getFileName() == null ? "" : path.getFileName().toString();
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
