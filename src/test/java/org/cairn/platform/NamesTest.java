package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.cairn.testsupport.Hostile;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void aPathThatIsTakenStaysBelowTheFolderItIsWrittenTo() {
    var random = new SplittableRandom(20261122);
    var folder = Path.of("/srv/checkpoint");
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      var path = Hostile.text(random);
      if (Names.faultOfPath(path).isEmpty()) {
        taken++;
        var written = folder.resolve(path);
        assertThat(written.normalize()).as(path).isEqualTo(written).startsWithRaw(folder);
        assertThat(path.getBytes(StandardCharsets.UTF_8).length).isBetween(1, Names.PATH_MAX);
        assertThat(path).doesNotContain("\\", "\0", "\n");
        // what was taken once comes back the same
        assertThat(new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
            .isEqualTo(path);
      }
    }
    assertThat(taken).isGreaterThan(500);
  }

  @Test
  void aPathIsBoundedByItsBytes() {
    // 1,020 characters: an index of PostgreSQL holds no key of their 3,060 bytes
    var path = "\u4e2d".repeat(254) + ("/" + "\u4e2d".repeat(254)).repeat(3);
    assertThat(path).hasSizeLessThan(Names.PATH_MAX);
    assertThat(Names.faultOfPath(path)).contains("1024 bytes");
    assertThat(Names.faultOfPath("a/".repeat(511) + "ab")).isEmpty();
    assertThat(Names.faultOfPath("a/".repeat(512) + "a")).contains("1024 bytes");
  }

  @Test
  void aFileIsNoFolderOfAnother() {
    assertThat(Names.faultOfPaths(List.of("a/b", "a.b", "a-b", "b/a"))).isEmpty();
    assertThat(Names.faultOfPaths(List.of("a/b", "a"))).contains("a file and a folder");
    assertThat(Names.faultOfPaths(List.of("x/a/b/c", "x/a"))).contains("x/a is a file");
    assertThat(Names.faultOfPaths(List.of("a", "a"))).contains("twice");
  }

  @Test
  void aLabelThatIsTakenIsNeitherEmptyNorAmbiguous() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 50_000; i++) {
      var label = Hostile.text(random);
      if (Names.faultOfLabel(label).isEmpty()) {
        assertThat(label).isNotEmpty().doesNotStartWith("sha256:").doesNotContainAnyWhitespaces();
        assertThat(JsonLimits.faultOfText(label)).isEmpty();
      }
    }
  }

  @Test
  void namesOfProjectsAreNoAddresses() {
    var random = new SplittableRandom(8);
    for (int i = 0; i < 50_000; i++) {
      var name = Hostile.text(random);
      if (Names.isSlug(name)) {
        assertThat(name).matches("[A-Za-z0-9_.-]{1,96}").doesNotContain("..", "--");
      }
    }
  }
}
