package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the command line makes of the whole suite of training runs, before any server. */
@Tag("conformance")
class SuiteIT {

  private static Layout scan(String folder) {
    return new LayoutScan(Trees.console(), false).scan(Suite.glyph().resolve(folder));
  }

  @Test
  void everyFileIsFound() {
    var layout = scan("");
    assertThat(layout.runs()).hasSize(6);
    assertThat(layout.files()).hasSize(1239);
    assertThat(layout.runs())
        .filteredOn(run -> run.name().equals("glyph-60k"))
        .first()
        .satisfies(run -> assertThat(run.checkpoints()).hasSize(154))
        .satisfies(run -> assertThat(run.file("MANIFEST.json")).isPresent());
  }

  @Test
  void aForkKnowsItsParentAndItsSteps() {
    var run = scan("runs/glyph-60k-swap").runs().getFirst();
    var facts = RunFacts.read(run, Trees.console());
    assertThat(facts.parentRun()).isEqualTo("glyph-60k");
    var segment =
        new RunRequests(run, facts)
            .segment(run.checkpoints().getFirst().name(), "id", null, null, null);
    assertThat(segment.path("startStep").asLong()).isEqualTo(512);
    assertThat(segment.path("endStep").asLong()).isEqualTo(1430);
    assertThat(Json.text(segment.path("batchSchedule")))
        .isEqualTo("[{\"fromStep\":0,\"sequencesPerStep\":32,\"sequenceLength\":128}]");
    assertThat(segment.path("hardware").path("accelerator").isNull()).isTrue();
  }

  @Test
  void everyRunIsRight() throws IOException {
    try (var runs = Files.newDirectoryStream(Suite.glyph().resolve("runs"))) {
      for (var run : runs) {
        var verified = Program.run("verify", run, "--strict");
        assertThat(verified.exitCode()).as(run + ": " + verified.out()).isZero();
      }
    }
  }
}
