package org.cairn.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** What was found to publish: runs, and sets of files that belong to no single run. */
record Layout(List<RunFolder> runs, List<DataFolder> data) {

  Layout {
    runs = List.copyOf(runs);
    data = List.copyOf(data);
  }

  /** What several folders hold together. */
  static Layout together(List<Layout> layouts) {
    var all =
        new Layout(
            layouts.stream().flatMap(layout -> layout.runs().stream()).toList(),
            layouts.stream().flatMap(layout -> layout.data().stream()).toList());
    all.refuseTwins();
    return all;
  }

  /** Every file that was found. */
  List<LocalFile> files() {
    var files = new ArrayList<LocalFile>();
    data.forEach(folder -> files.addAll(folder.files()));
    for (var run : runs) {
      files.addAll(run.files());
      run.checkpoints().forEach(checkpoint -> files.addAll(checkpoint.files()));
    }
    return files;
  }

  /** Two folders of one name would silently become one. */
  private void refuseTwins() {
    var seen = new HashSet<String>();
    for (var run : runs) {
      if (!seen.add(run.name().toLowerCase(Locale.ROOT))) {
        throw new CliException(
            ExitCode.USAGE, "Two folders would become the run " + run.name() + ": rename one");
      }
    }
    seen.clear();
    for (var folder : data) {
      if (!seen.add(folder.name())) {
        throw new CliException(
            ExitCode.USAGE, "Two suites cannot be published into one project at once");
      }
    }
  }

  /**
   * Files that become a dataset version.
   *
   * @param folder where a pull of the whole project puts them; empty for the top
   */
  record DataFolder(String name, String title, String folder, Path root, List<LocalFile> files) {
    DataFolder {
      files = List.copyOf(files);
    }
  }
}
