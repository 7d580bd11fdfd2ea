package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "C:\\x",
        "C:x",
        "a\\..\\..\\x",
        "",
        ".git/hooks/pre-commit",
        "a/.GIT/config",
        ".cairn-pull/x",
        "a\u0000b",
        "a\nb"
      })
  void refusesWhatLeadsOut(String path) {
    var out = OutputFolder.at(folder.resolve("out"));
    assertThatThrownBy(() -> out.target(path))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void refusesToGoThroughALink() throws IOException {
    var out = OutputFolder.at(folder.resolve("out"));
    Files.createSymbolicLink(folder.resolve("out/checkpoints"), folder);
    assertThatThrownBy(() -> out.target("checkpoints/step1/x")).hasMessageContaining("is a link");
  }

  @Test
  void refusesToGoThroughAFile() {
    var out = OutputFolder.at(folder.resolve("out"));
    Trees.write(folder, "out/a", "file");
    assertThatThrownBy(() -> out.target("a/b")).hasMessageContaining("is a file");
  }

  @Test
  void takesOrdinaryNames() throws IOException {
    var out = OutputFolder.at(folder.resolve("out"));
    assertThat(out.target("checkpoints/step1/.hidden ü.json"))
        .isEqualTo(folder.toRealPath().resolve("out/checkpoints/step1/.hidden ü.json"));
    out.tidy();
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }
}
