package org.cairn.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rebuild",
    description =
        "Makes the catalogue of an empty database again from the bucket alone, with the settings of"
            + " serve: everything sealed and what it refers to. Hashes every stored byte. Drafts,"
            + " unfinished uploads and access tokens are not in the bucket. One that was broken off"
            + " goes on when it is begun again.")
final class RebuildCommand implements Runnable {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder of a registry with servers of its own, where no database is configured. Default:"
              + " cairn-data in the current folder.")
  private @Nullable Path data;

  @Option(names = "--json", description = "Print the report as one JSON object.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public void run() {
    var options = new ServerOptions();
    options.data = data;
    ServerStart.here(options, json ? ServerStart.Task.REBUILD_JSON : ServerStart.Task.REBUILD)
        .run();
  }
}
