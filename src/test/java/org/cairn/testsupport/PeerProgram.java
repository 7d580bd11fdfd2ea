package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A program of a client, that has ended.
 *
 * @param complaints what it wrote to its standard error
 */
public record PeerProgram(int status, String said, String complaints) {

  /**
   * Runs it to its end.
   *
   * @param folder for what it complains of
   */
  public static PeerProgram run(Path folder, Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    var complaints = Files.createTempFile(folder, "client", ".log");
    var builder = new ProcessBuilder(words).redirectError(complaints.toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new PeerProgram(process.waitFor(), said, Files.readString(complaints));
  }

  /** The last line that it says; it must end well. */
  public static String lastLine(Path folder, Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    var ended = run(folder, environment, words);
    assertThat(ended.status()).as("%s\n%s", ended.said(), ended.complaints()).isZero();
    return ended.said().substring(ended.said().lastIndexOf('\n') + 1);
  }
}
