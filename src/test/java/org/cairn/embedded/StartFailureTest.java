package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartFailureTest {

  @Test
  void theReadmeSaysWhatEveryExitCodeMeans() throws IOException {
    var readme = Files.readString(Path.of("README.md"));
    StartFailure.meanings()
        .forEach(
            (code, meaning) -> assertThat(readme).contains("| " + code + " | " + meaning + " |"));
  }
}
