package org.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real training run of 154 checkpoints, published for those who read it as a repository. */
final class HubRun {

  static final String REPOSITORY = "hub/glyph-60k";
  static final String STEP = "step512";

  private final TestBed bed;
  private final Path folder;
  private @Nullable Path python;

  /** The suite lies beside the project, or where {@code CAIRN_SHARED} says. */
  HubRun(TestBed bed) {
    this.bed = bed;
    var told = System.getenv("CAIRN_SHARED");
    var shared = told == null ? Peers.ROOT.resolveSibling("shared") : Path.of(told);
    this.folder = shared.toAbsolutePath().normalize().resolve("suite/glyph/runs/glyph-60k");
  }

  /** Publishes it, unless it is. */
  void publish() throws IOException, InterruptedException {
    if (python != null) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no " + folder + ": CAIRN_SHARED says where the suite is");
    }
    python = Peers.locate("python-models");
    var _ =
        PublishCommand.publish(
            folder, "hub", bed.api().at("/"), bed.folder().resolve("publish.log"));
    bed.settle();
  }

  /** The folders of all checkpoints, in the order of their steps. */
  List<Path> checkpoints() throws IOException {
    try (var all = Files.list(folder.resolve("checkpoints"))) {
      return all.sorted(
              Comparator.comparingLong(
                  path -> Long.parseLong(path.getFileName().toString().replaceAll("\\D", ""))))
          .toList();
    }
  }

  Path checkpoint() {
    return folder.resolve("checkpoints").resolve(STEP);
  }

  /**
   * A client of the Hub at {@code endpoint}.
   *
   * @param name of the folder for what it keeps
   */
  HubClient client(String name, java.net.URI endpoint) throws IOException {
    if (python == null) {
      throw new IllegalStateException("publish() has found it");
    }
    return new HubClient(python, endpoint, bed.folder().resolve(name));
  }
}
