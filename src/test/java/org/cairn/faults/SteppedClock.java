package org.cairn.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.cairn.testsupport.PeerProcess;

/**
 * The clock of a program, which is set while it runs; time that only goes forward is left alone.
 */
final class SteppedClock {

  private final Path library;
  private final Path file;

  SteppedClock(Path folder, String name) throws Exception {
    this.library = PeerProcess.locate("faketime", folder);
    this.file = folder.resolve(name);
    step(Duration.ZERO);
  }

  /** What a program is started with. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_RESET", "1",
        "DONT_FAKE_MONOTONIC", "1");
  }

  /** Sets it off from the true time by this. */
  void step(Duration by) throws IOException {
    var next =
        Files.writeString(
            file.resolveSibling(file.getFileName() + ".next"), "%+d\n".formatted(by.toSeconds()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
