package org.cairn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What Cairn is compared with and does not bring: found, or got first, by {@code .ci/peer}. */
final class Peers {

  /** Of the project. */
  static final Path ROOT = Bench.launcher().resolve("../..").normalize();

  private Peers() {}

  /** Where it is; fails where it is not and cannot be got, after what the script says. */
  static Path locate(String name) throws IOException, InterruptedException {
    var peer =
        new ProcessBuilder(ROOT.resolve(".ci/peer").toString(), name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var said = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (peer.waitFor() != 0) {
      throw new IOException("there is no " + name);
    }
    return Path.of(said);
  }
}
