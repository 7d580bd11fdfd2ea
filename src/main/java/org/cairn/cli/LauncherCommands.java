package org.cairn.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Commands that the launcher script takes for itself, because they start the service with its own
 * JVM. They are here so that the overview and the completion know them; the service explains them.
 */
abstract sealed class LauncherCommands implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder for all that it keeps.")
  @Nullable Path data;

  @Option(names = "--port", paramLabel = "N", description = "Port to listen on.")
  @Nullable Integer port;

  @Option(names = "--host", paramLabel = "H", description = "Address to listen on.")
  @Nullable String host;

  @Override
  public final Integer call() {
    throw new CliException(
        ExitCode.USAGE,
        "%s starts the service: run it through the launcher, as target/cairn %s"
            .formatted(spec.name(), spec.name()));
  }

  @Command(
      name = "serve",
      description = "Starts a registry on this machine. (Handled by the launcher.)")
  static final class Serve extends LauncherCommands {}

  @Command(
      name = "demo",
      description =
          "Starts a registry and publishes a small run into it. (Handled by the launcher.)")
  static final class Demo extends LauncherCommands {}

  @Command(
      name = "rebuild",
      description =
          "Makes the catalogue of an empty database again from the bucket. (Handled by the launcher.)")
  static final class Rebuild extends LauncherCommands {}
}
