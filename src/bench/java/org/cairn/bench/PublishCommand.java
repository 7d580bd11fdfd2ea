package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The packaged client, as a user publishes with it. */
final class PublishCommand {

  private PublishCommand() {}

  /**
   * Publishes a run; answers how many seconds it took until everything was sealed.
   *
   * @param log what it says
   */
  static double publish(Path run, String project, URI registry, Path log)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    var process =
        new ProcessBuilder(
                Bench.launcher().toString(),
                "publish",
                run.toString(),
                "--project",
                project,
                "--to",
                registry.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("not published:\n" + Files.readString(log));
    }
    return Watch.secondsSince(start);
  }
}
