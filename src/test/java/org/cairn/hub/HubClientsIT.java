package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.PeerProgram;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A suite of training runs, published by the command line and read by the Hub's own clients, where
 * they are sent to the store (on the same host name and on another one) and where they are not.
 */
@Tag("conformance")
class HubClientsIT {

  private static final Duration LONG = Duration.ofMinutes(10);

  private static @TempDir Path folder;

  /** What {@code cases.py} published. */
  private static Path cases;

  private static Registries registries;

  @BeforeAll
  static void publish() throws Exception {
    cases = folder.resolve("cases");
    registries = Registries.start(folder, Map.of());
    publish(registries.presigned());
    publish(registries.proxied());
  }

  private static void publish(CairnProcess registry) throws Exception {
    var suite = Suite.glyph().toString();
    try (var client =
        CairnProcess.start(
            folder, "publish", suite, "--project", "glyph", "--to", registry.url())) {
      assertThat(client.awaitExit(LONG)).as(client.output()).isZero();
    }
    run("python3", "src/test/python/cases.py", registry.url(), cases.toString());
  }

  @AfterAll
  static void stop() {
    registries.close();
  }

  @ParameterizedTest
  @CsvSource({
    "python-hub-0,presigned",
    "python-hub-1,presigned",
    "python-models,presigned",
    "python-hub-0,proxied",
    "python-hub-1,proxied",
    "python-models,proxied"
  })
  void pythonReadsWhatWasPublished(String python, String mode) throws Exception {
    say(
        run(
            PeerProcess.locate(python, folder).toString(),
            "src/test/python/hub.py",
            registries.url(mode),
            "glyph",
            Suite.glyph().toString(),
            folder.toString(),
            mode));
  }

  @ParameterizedTest
  @CsvSource({
    "python-hub-0,presigned",
    "python-hub-1,presigned",
    "python-models,presigned",
    "python-hub-0,proxied",
    "python-models,proxied"
  })
  void pythonReadsWhatIsLargeManyOddOrBrokenOff(String python, String mode) throws Exception {
    say(
        run(
            PeerProcess.locate(python, folder).toString(),
            "src/test/python/edges.py",
            registries.url(mode),
            cases.toString(),
            folder.toString(),
            mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "proxied"})
  void javaScriptReadsWhatWasPublished(String way) throws Exception {
    var url =
        way.equals("proxied")
            ? registries.url(way)
            : registries.url("presigned").replace("127.0.0.1", way);
    say(
        run(
            "node",
            "src/test/node/hub.mjs",
            PeerProcess.locate("node", folder).toString(),
            url,
            "glyph",
            Suite.glyph().toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"presigned", "proxied"})
  void javaScriptReadsWhatIsLargeManyOrOdd(String mode) throws Exception {
    say(
        run(
            "node",
            "src/test/node/edges.mjs",
            PeerProcess.locate("node", folder).toString(),
            registries.url(mode),
            cases.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"presigned", "proxied"})
  void transformersAndDatasetsLoadWhatWasPublished(String mode) throws Exception {
    say(
        run(
            PeerProcess.locate("python-models", folder).toString(),
            "src/test/python/models.py",
            registries.url(mode),
            "glyph",
            Suite.glyph().toString(),
            folder.toString(),
            mode));
  }

  private static void say(String line) {
    System.out.println("The Hub's clients: " + line);
  }

  private static String run(String... words) throws Exception {
    return PeerProgram.lastLine(folder, Map.of(), words);
  }
}
