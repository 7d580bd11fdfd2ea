package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.cairn.access.Callers;
import org.cairn.testsupport.CairnProcess;

/** A checkpoint of one file: uploaded, sealed and downloaded again by the command line. */
final class RoundTrip {

  private RoundTrip() {}

  /** Through the registry on this port of loopback; the folder is new. */
  static void of(Path folder, int port) throws IOException {
    var step = Files.createDirectories(folder.resolve("run/step1"));
    var bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Files.write(step.resolve("optimizer.pt"), bytes);
    client(folder, port, "publish", "run", "--project", "image");
    client(folder, port, "pull", "image/run@step1", "--out", "copy");
    assertThat(folder.resolve("copy/step1/optimizer.pt")).hasBinaryContent(bytes);
  }

  private static void client(Path folder, int port, String... words) {
    var environment = Map.of("CAIRN_URL", "http://127.0.0.1:" + port, "CAIRN_TOKEN", Callers.ADMIN);
    try (var client = CairnProcess.start(CairnProcess.LAUNCHER, folder, environment, words)) {
      assertThat(client.awaitExit(Duration.ofMinutes(2))).as(client.output()).isZero();
    }
  }
}
