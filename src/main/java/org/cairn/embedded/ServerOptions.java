package org.cairn.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code serve} and {@code demo} have in common. */
final class ServerOptions {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for the database, the objects and their secrets, where no database is"
              + " configured. Default: cairn-data in the current folder.")
  @Nullable Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes any free one. Default: 8080, or the next free one.")
  @Nullable Integer port;

  @Option(
      names = "--host",
      paramLabel = "H",
      description =
          "Address to listen on. Default: 127.0.0.1, for this machine only; with a database"
              + " configured 0.0.0.0, for all.")
  @Nullable String host;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
