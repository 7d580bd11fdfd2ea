package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * A registry that asks for tokens: published to by the command line with one, and read by the Hub's
 * own clients with tokens of every kind and with none.
 */
@Tag("conformance")
class HubAccessIT {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String ADMIN = "hf_" + "an-administrator-of-this-one-test-only";
  private static final String RUN = "runs/glyph-60k-seed1";

  private static @TempDir Path folder;
  private static Registries registries;
  private static Map<String, Tokens> tokens;

  private record Tokens(String writer, String reader, String foreign) {}

  @BeforeAll
  static void publish() throws Exception {
    registries =
        Registries.start(
            folder, Map.of("CAIRN_ACCESS_ANONYMOUS", "read", "CAIRN_ACCESS_ADMIN_TOKEN", ADMIN));
    tokens =
        Map.of(
            Registries.PRESIGNED,
            publish(registries.presigned().url()),
            Registries.PROXIED,
            publish(registries.proxied().url()));
  }

  private static Tokens publish(String url) throws Exception {
    var writer =
        token(
            url,
            "writer",
            "\"glyph\",\"role\":\"writer\"},{\"project\":\"secret\",\"role\":\"writer\"");
    var reader = token(url, "reader", "\"secret\",\"role\":\"reader\"");
    var foreign = token(url, "foreign", "\"elsewhere\",\"role\":\"writer\"");
    assertThat(publish(url, "glyph", "")).contains("401", "CAIRN_TOKEN");
    assertThat(publish(url, "glyph", foreign)).contains("403", "writer of the project glyph");
    assertThat(publish(url, "glyph", writer)).isEmpty();
    ask(writer, url + "/v1/projects", "{\"name\":\"secret\",\"private\":true}", 201);
    assertThat(publish(url, "secret", writer)).isEmpty();
    return new Tokens(writer, reader, foreign);
  }

  @AfterAll
  static void stop() {
    registries.close();
  }

  private static String token(String url, String name, String grant) throws Exception {
    var made =
        ask(
            ADMIN,
            url + "/v1/tokens",
            "{\"name\":\"%s\",\"grants\":[{\"project\":%s}]}".formatted(name, grant),
            201);
    return made.replaceAll("(?s).*\"secret\":\"([^\"]+)\".*", "$1");
  }

  private static String ask(String token, String address, String body, int expected)
      throws IOException, InterruptedException {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    return answer.body();
  }

  /** What the command line said where it failed. */
  private static String publish(String url, String project, String token) throws Exception {
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
            url)) {
      return client.awaitExit(LONG) == 0 ? "" : client.output();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Registries.PRESIGNED, Registries.PROXIED})
  void theCommandLinePullsWhatItsTokenMayRead(String mode) throws Exception {
    var own = Objects.requireNonNull(tokens.get(mode));
    for (var token : List.of(own.reader(), own.foreign(), "")) {
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
              registries.url(mode))) {
        assertThat(client.awaitExit(LONG))
            .as(client.output())
            .isEqualTo(token.equals(own.reader()) ? 0 : 4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "python-hub-0,presigned",
    "python-hub-1,presigned",
    "python-models,presigned",
    "python-hub-0,proxied",
    "python-models,proxied"
  })
  void pythonReadsAndWritesWhatItsTokenMay(String python, String mode) throws Exception {
    var own = Objects.requireNonNull(tokens.get(mode));
    System.out.println(
        "The Hub's clients: "
            + PeerProgram.lastLine(
                folder,
                Map.of(),
                PeerProcess.locate(python, folder).toString(),
                "src/test/python/hub_access.py",
                registries.url(mode),
                folder.toString(),
                own.writer(),
                own.reader(),
                own.foreign()));
  }
}
