package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a document that is derived from the code: compared in every build, and written by
 * {@code -Dreadme.update=true}.
 */
public record Generated(Path file, String begin, String end) {

  public static Generated between(String file, String name) {
    return new Generated(Path.of(file), "<!-- " + name + " -->\n", "<!-- /" + name + " -->");
  }

  public void isUpToDateWith(String expected) throws IOException {
    var text = Files.readString(file);
    var from = text.indexOf(begin);
    var to = text.indexOf(end);
    assertThat(from).as("%s has the marker %s", file, begin.strip()).isNotNegative();
    assertThat(to).as("%s has the marker %s", file, end).isGreaterThan(from);
    var start = from + begin.length();
    if (Boolean.getBoolean("readme.update")) {
      text = text.substring(0, start) + expected + text.substring(to);
      Files.writeString(file, text);
    }
    assertThat(text.substring(start, text.indexOf(end)))
        .as("%s; run this test with -Dreadme.update=true", file)
        .isEqualTo(expected);
  }
}
