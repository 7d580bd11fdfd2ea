package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A registry that asks for tokens: published to by the command line with one, and read by the Hub's
 * own clients with tokens of every kind and with none.
 */
@Tag("conformance")
class HubAccessIT {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String ADMIN = "hf_" + "an-administrator-of-this-one-test-only";
  private static final String RUN = "runs/glyph-60k-seed1";

  private static @TempDir Path folder;
  private static CairnProcess registry;
  private static String writer;
  private static String reader;
  private static String foreign;

  @BeforeAll
  static void publish() throws Exception {
    registry =
        CairnProcess.start(
                CairnProcess.LAUNCHER,
                folder,
                Map.of("CAIRN_ACCESS_ANONYMOUS", "read", "CAIRN_ACCESS_ADMIN_TOKEN", ADMIN),
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                "0")
            .awaitReady();
    writer =
        token(
            "writer", "\"glyph\",\"role\":\"writer\"},{\"project\":\"secret\",\"role\":\"writer\"");
    reader = token("reader", "\"secret\",\"role\":\"reader\"");
    foreign = token("foreign", "\"elsewhere\",\"role\":\"writer\"");
    assertThat(publish("glyph", "")).contains("401", "CAIRN_TOKEN");
    assertThat(publish("glyph", foreign)).contains("403", "writer of the project glyph");
    assertThat(publish("glyph", writer)).isEmpty();
    ask(writer, "/v1/projects", "{\"name\":\"secret\",\"private\":true}", 201);
    assertThat(publish("secret", writer)).isEmpty();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static String token(String name, String grant) throws Exception {
    var made =
        ask(
            ADMIN,
            "/v1/tokens",
            "{\"name\":\"%s\",\"grants\":[{\"project\":%s}]}".formatted(name, grant),
            201);
    return made.replaceAll("(?s).*\"secret\":\"([^\"]+)\".*", "$1");
  }

  private static String ask(String token, String path, String body, int expected)
      throws IOException, InterruptedException {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(registry.url() + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    return answer.body();
  }

  /** What the command line said where it failed. */
  private static String publish(String project, String token) throws Exception {
    var run = Suite.glyph().resolve(RUN).toString();
    try (var client =
        CairnProcess.start(
            CairnProcess.LAUNCHER,
            folder,
            Map.of("CAIRN_TOKEN", token),
            "publish",
            run,
            "--project",
            project,
            "--to",
            registry.url())) {
      return client.awaitExit(LONG) == 0 ? "" : client.output();
    }
  }

  @Test
  void theCommandLinePullsWhatItsTokenMayRead() throws Exception {
    for (var token : List.of(reader, foreign, "")) {
      var out = Files.createTempDirectory(folder, "pull");
      try (var client =
          CairnProcess.start(
              CairnProcess.LAUNCHER,
              folder,
              Map.of("CAIRN_TOKEN", token),
              "pull",
              "secret/glyph-60k-seed1@step512",
              "--out",
              out.resolve("it").toString(),
              "--from",
              registry.url())) {
        assertThat(client.awaitExit(LONG))
            .as(client.output())
            .isEqualTo(token.equals(reader) ? 0 : 4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python-hub-0", "python-hub-1", "python-models"})
  void pythonReadsWhatItsTokenMayRead(String python) throws Exception {
    System.out.println(
        "The Hub's clients: "
            + run(
                PeerProcess.locate(python, folder).toString(),
                "src/test/python/hub_access.py",
                registry.url(),
                folder.toString(),
                writer,
                reader,
                foreign));
  }

  /** The last line that a program says; it must end well. */
  private static String run(String... words) throws Exception {
    var complaints = Files.createTempFile(folder, "client", ".log");
    var process =
        new ProcessBuilder(new ArrayList<>(List.of(words)))
            .redirectError(complaints.toFile())
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as("%s\n%s", said, Files.readString(complaints)).isZero();
    return said.substring(said.lastIndexOf('\n') + 1);
  }
}
