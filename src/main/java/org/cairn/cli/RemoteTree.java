package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.cairn.cli.RunFolder.CheckpointFolder;
import org.cairn.platform.Names;

/** Lists what the registry has as the tree that was once published. */
final class RemoteTree {

  private final Api api;

  RemoteTree(Api api) {
    this.api = api;
  }

  /** All that {@code address} names: a checkpoint, a run, or a project with its data. */
  List<RemoteFile> files(RunAddress address) {
    var files = new ArrayList<RemoteFile>();
    if (address.run() == null) {
      project(address.project(), files);
    } else {
      run(address, api.get(address.path()), "", files);
    }
    refuseTwins(files);
    return files;
  }

  private void project(String project, List<RemoteFile> files) {
    var path = RunAddress.projectPath(project);
    api.get(path);
    for (var run : api.all(path + "/runs")) {
      var name = run.text("name");
      var folder = run.at("metadata").at("publish").textOr("folder", LayoutScan.RUNS + "/" + name);
      run(RunAddress.of(project, name), run, folder + "/", files);
    }
    for (var dataset : api.all(path + "/datasets")) {
      var versions = path + "/datasets/" + ServerUrl.segment(dataset.text("name")) + "/versions";
      // Only the newest version can have the folder to itself; it is the first of the list.
      for (var version : api.all(versions).stream().limit(1).toList()) {
        var name = version.text("version");
        var prefix = version.at("metadata").at("publish").textOr("folder", dataset.text("name"));
        var source = versions + "/" + ServerUrl.segment(name) + "/files";
        api.pages(
            source + "?pageSize=1000",
            file -> {
              if (file.has("sha256")) {
                files.add(file(file, prefix.isEmpty() ? "" : prefix + "/", source));
              }
            });
      }
    }
  }

  private void run(RunAddress address, Answer view, String prefix, List<RemoteFile> files) {
    var folder = view.at("metadata").at("publish").textOr("checkpoints", RunScan.CHECKPOINTS);
    var below = prefix + (folder.isEmpty() ? "" : folder + "/");
    if (address.ref() != null) {
      checkpoint(address, api.get(address.checkpointPath(address.ref())), below, files);
      return;
    }
    var source = address.path() + "/files";
    api.pages(source + "?pageSize=500", file -> files.add(file(file, prefix, source)));
    api.pages(
        address.path() + "/checkpoints?include=files&pageSize=2000",
        item -> checkpoint(address, item, below, files));
  }

  private void checkpoint(
      RunAddress address, Answer checkpoint, String below, List<RemoteFile> files) {
    var label = checkpoint.text("label");
    var folder = folder(checkpoint, label);
    var prefix = folder.equals(CheckpointFolder.NONE) ? below : below + folder + "/";
    var source = address.checkpointPath(label) + "/files";
    checkpoint.requireList("files").forEach(file -> files.add(file(file, prefix, source)));
  }

  /** The folder that a checkpoint was published from; for others their label, made a name. */
  private static String folder(Answer checkpoint, String label) {
    var published = checkpoint.at("metadata").at("publish").textOr("folder", "");
    if (!published.isEmpty() && published.indexOf('/') < 0) {
      return published;
    }
    return Names.faultOfPath(label).isEmpty() && label.indexOf('/') < 0
        ? label
        : ServerUrl.segment(label);
  }

  private static RemoteFile file(Answer file, String prefix, String source) {
    var path = file.text("path");
    var fault = Names.faultOfPath(prefix + path);
    if (!fault.isEmpty()) {
      throw new CliException(
          ExitCode.FAILED, "The path %s is refused: %s".formatted(prefix + path, fault));
    }
    return new RemoteFile(
        prefix + path,
        file.sha256("sha256"),
        file.count("size"),
        source + "/" + ServerUrl.path(path));
  }

  /** Two files in one place would overwrite each other in turn. */
  private static void refuseTwins(List<RemoteFile> files) {
    var seen = new HashMap<String, RemoteFile>();
    for (var file : files) {
      var other = seen.put(file.path(), file);
      if (other != null && !other.sha256().equals(file.sha256())) {
        throw new CliException(
            ExitCode.FAILED,
            "Two files would be written to %s: %s and %s"
                .formatted(file.path(), other.source(), file.source()));
      }
    }
  }
}
