package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {

  @Test
  void splitsAtLineFeedsAndKeepsTheLastLineWithoutOne() throws IOException {
    assertThat(lines("a\n\nbc\r\nd", 10)).containsExactly("a", "", "bc\r", "d");
    assertThat(lines("a\n", 10)).containsExactly("a");
    assertThat(lines("", 10)).isEmpty();
  }

  @Test
  void skipsALineOverTheLimitWithoutLosingTheNext() throws IOException {
    assertThat(lines("12345\n123456\n12\n", 5)).containsExactly("12345", "<too long>", "12");
  }

  @Test
  void agreesWithSplittingTheWholeText() throws IOException {
    var random = new Random(11);
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(400); i > 0; i--) {
        text.append(random.nextInt(6) == 0 ? '\n' : (char) ('a' + random.nextInt(26)));
      }
      var expected = new ArrayList<>(List.of(text.toString().split("\n", -1)));
      if (expected.getLast().isEmpty()) {
        expected.removeLast();
      }
      assertThat(lines(text.toString(), 1000)).isEqualTo(expected);
    }
  }

  private static List<String> lines(String text, int max) throws IOException {
    var lines =
        new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), max);
    var read = new ArrayList<String>();
    for (var line = lines.next(); line != null; line = lines.next()) {
      read.add(line.tooLong() ? "<too long>" : new String(line.bytes(), StandardCharsets.UTF_8));
    }
    return read;
  }
}
