package org.cairn.embedded;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "demo",
    description =
        "Starts a registry of its own, as serve does without a configured database, publishes a"
            + " small real training run into it and says where to look.")
final class DemoCommand implements Runnable {

  @Mixin private final ServerOptions options = new ServerOptions();

  @Override
  public void run() {
    ServerStart.here(options, ServerStart.Task.DEMO).run();
  }
}
