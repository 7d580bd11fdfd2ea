package org.cairn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Commands that the launcher script takes for itself, because they start the service with its own
 * JVM. They are here so that the help knows them.
 */
final class LauncherCommands {

  private LauncherCommands() {}

  private static int notHere(String name) {
    throw new CliException(
        ExitCode.USAGE,
        name + " starts the service: run it through the launcher, as target/cairn " + name);
  }

  @Command(
      name = "serve",
      description = "Starts a registry on this machine. (Handled by the launcher.)")
  static final class Serve implements Callable<Integer> {
    @Override
    public Integer call() {
      return notHere("serve");
    }
  }

  @Command(
      name = "demo",
      description =
          "Starts a registry and publishes a small run into it. (Handled by the launcher.)")
  static final class Demo implements Callable<Integer> {
    @Override
    public Integer call() {
      return notHere("demo");
    }
  }
}
