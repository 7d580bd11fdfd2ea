package org.cairn.embedded;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "serve",
    description =
        "Starts the registry. With a database configured (QUARKUS_DATASOURCE_JDBC_URL) it uses that"
            + " and the configured S3 store; without one it starts a PostgreSQL and an S3 server of"
            + " its own.")
final class ServeCommand implements Runnable {

  @Mixin private final ServerOptions options = new ServerOptions();

  @Override
  public void run() {
    ServerStart.here(options, ServerStart.Task.SERVE).run();
  }
}
