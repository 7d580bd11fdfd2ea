package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {

  @TempDir Path folder;

  private static String entry(String path, String text) {
    return "{\"path\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}"
        .formatted(
            path, text.length(), Sha256.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void checksASuiteWithItsRuns() throws IOException {
    Trees.write(folder, "shared.txt", "shared");
    Trees.write(folder, "runs/a/x.txt", "x");
    var manifest = "{\"run\":\"a\",\"files\":[" + entry("x.txt", "x") + "]}";
    Trees.write(folder, "runs/a/MANIFEST.json", manifest);
    Trees.write(
        folder,
        "MANIFEST.json",
        "{\"suite\":\"s\",\"shared_files\":[%s],\"runs\":{\"a\":\"%s\"}}"
            .formatted(
                entry("shared.txt", "shared"),
                Sha256.of(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    var right = Program.run("verify", folder);
    assertThat(right.exitCode()).as(right.out()).isZero();
    assertThat(right.out()).isEqualTo("3 right, 0 missing, 0 changed, 0 extra\n");
    Trees.write(folder, "runs/a/note.txt", "mine");
    assertThat(Program.run("verify", folder).exitCode()).isZero();
    assertThat(Program.run("verify", folder, "--strict").exitCode()).isEqualTo(ExitCode.MISMATCH);
    Trees.write(folder, "runs/a/x.txt", "y");
    assertThat(Program.run("verify", folder).out()).contains("changed  runs/a/x.txt");
    Files.delete(folder.resolve("runs/a/MANIFEST.json"));
    assertThat(Program.run("verify", folder).out()).contains("missing  runs/a/MANIFEST.json");
    Files.delete(folder.resolve("MANIFEST.json"));
    assertThat(Program.run("verify", folder).exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\":[{\"path\":\"../../etc/passwd\",\"size\":1,\"sha256\":\"%s\"}]}",
        "{\"files\":[{\"path\":\"a\",\"size\":\"1\",\"sha256\":\"%s\"}]}",
        "{\"files\":[{\"path\":\"a\",\"size\":1,\"sha256\":\"x\"}]}",
        "{\"files\":[{\"size\":1,\"sha256\":\"%s\"}]}",
        "{\"runs\":{\"../x\":\"%s\"}}",
        "{\"files\":[]}",
        "[]",
        "no JSON"
      })
  void refusesOddManifests(String manifest) {
    Trees.write(folder, "MANIFEST.json", manifest.formatted("a".repeat(64)));
    assertThat(Program.run("verify", folder).exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\":{\"a\":\"%s\"}}",
        "{\"files\":{\"a\":{\"size\":1,\"sha256\":\"%s\"}},\"runs\":{\"r\":{\"seed\":0}}}",
        "[{\"path\":\"a\",\"sha256\":\"sha256:%s\"}]"
      })
  void readsOtherFormsOfAManifest(String manifest) {
    Trees.write(folder, "a", "x");
    Trees.write(folder, "MANIFEST.json", manifest.formatted(Sha256.of(new byte[] {'x'})));
    assertThat(Program.run("verify", folder, "--strict").out()).startsWith("1 right, 0 missing");
    Trees.write(folder, "a", "y");
    assertThat(Program.run("verify", folder).exitCode()).isEqualTo(ExitCode.MISMATCH);
  }
}
