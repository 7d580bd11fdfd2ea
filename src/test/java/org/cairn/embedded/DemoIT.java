package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.get;
import static org.cairn.testsupport.CairnProcess.processesOn;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README: what it promises can be done with what it prints. */
class DemoIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path temporary;

  @Test
  void publishesTheExampleAndSaysWhereToLook() throws IOException {
    var folder = temporary.resolve("cairn-data");
    try (var cairn = CairnProcess.start(temporary, "demo", "--port", "0")) {
      cairn.awaitReady().awaitOutput("Ctrl-C stops the server");
      assertThat(cairn.output()).contains("The example run is published");

      var url = cairn.output().replaceFirst("(?s).*curl '([^']+)'.*", "$1");
      var checkpoints = new ObjectMapper().readTree(get(url).body()).path("items");
      assertThat(checkpoints).as(url).hasSize(5);
      assertThat(checkpoints)
          .allSatisfy(checkpoint -> {
            assertThat(checkpoint.path("state").asText()).isEqualTo("sealed");
            assertThat(checkpoint.path("tokens").asLong())
                .isEqualTo(4096 * checkpoint.path("step").asLong());
          });

      publishesAgain(cairn.url());
      cairn.terminate().awaitExit(SOON);
      assertThat(processesOn(folder)).isEmpty();
    }
  }

  /** As the next {@code cairn demo} on the same folder would. */
  private void publishesAgain(String url) {
    var example = CairnProcess.TARGET.resolve("demo/glyph").toString();
    try (var again =
        CairnProcess.start(temporary, "publish", example, "--project", "glyph", "--to", url)) {
      assertThat(again.awaitExit(SOON)).as(again.output()).isZero();
    }
  }
}
