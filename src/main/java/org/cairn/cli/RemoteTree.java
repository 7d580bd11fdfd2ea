package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
      run(address, "", files);
    }
    refuseTwins(files);
    return files;
  }

  private void project(String project, List<RemoteFile> files) {
    var path = RunAddress.projectPath(project);
    api.get(path);
    for (var run : api.all(path + "/runs")) {
      var name = run.text("name");
      run(RunAddress.of(project, name), LayoutScan.RUNS + "/" + name + "/", files);
    }
    for (var dataset : api.all(path + "/datasets")) {
      var versions = path + "/datasets/" + ServerUrl.segment(dataset.text("name")) + "/versions";
      var newestFirst = api.all(versions);
      var several = newestFirst.size() > 1;
      for (var version : newestFirst) {
        var name = version.text("version");
        var folder = version.at("metadata").at("publish").textOr("folder", dataset.text("name"));
        // Of several versions only one can have the folder to itself.
        var prefix = several ? dataset.text("name") + "@" + name : folder;
        var source = versions + "/" + ServerUrl.segment(name) + "/files";
        api.pages(
            source + "?pageSize=500",
            file -> {
              if (file.has("sha256")) {
                files.add(file(file, prefix.isEmpty() ? "" : prefix + "/", source));
              }
            });
      }
    }
  }

  private void run(RunAddress address, String prefix, List<RemoteFile> files) {
    var view = api.get(address.path());
    var folder = view.at("metadata").at("publish").textOr("checkpoints", LayoutScan.CHECKPOINTS);
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
    var prefix = below + folder(checkpoint, label) + "/";
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
