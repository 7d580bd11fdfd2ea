package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void isForOnePullAtATime() {
    try (var out = OutputFolder.at(folder.resolve("out"))) {
      assertThat(out.root()).exists();
      assertThatThrownBy(() -> OutputFolder.at(folder.resolve("out")))
          .hasMessageContaining("Another pull writes to");
    }
    OutputFolder.at(folder.resolve("out")).close();
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  @Test
  void tellsPathsThatAreOneFileWhereCaseIsNotToldApart() {
    assertThat(OutputFolder.twins(List.of("a/B", "c", "a/b"))).containsExactly("a/B", "a/b");
    assertThat(OutputFolder.twins(List.of("\u00e9", "e\u0301"))).hasSize(2);
    assertThat(OutputFolder.twins(List.of("a", "b", "a"))).isEmpty();
  }

  @Test
  void takesOrdinaryNames() throws IOException {
    var out = OutputFolder.at(folder.resolve("out"));
    assertThat(out.target("checkpoints/step1/.hidden ü.json"))
        .isEqualTo(folder.toRealPath().resolve("out/checkpoints/step1/.hidden ü.json"));
    out.close();
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }
}
