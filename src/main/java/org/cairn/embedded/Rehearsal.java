package org.cairn.embedded;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** What {@code cairn rehearse} runs: what a start is followed by, health checks and requests. */
@Singleton
@Unremovable
final class Rehearsal implements QuarkusApplication {

  static final String HOST = "127.0.0.1";

  private static final String PORT = "quarkus.http.port";
  private static final String MANAGEMENT_PORT = "quarkus.management.port";
  static final List<String> PORTS = List.of(PORT, MANAGEMENT_PORT);

  /** Away from those that people use. */
  static final int FIRST_PORT = 49_152;

  private final Config config;

  Rehearsal(Config config) {
    this.config = config;
  }

  @Override
  public int run(String... arguments) throws IOException {
    request(MANAGEMENT_PORT, "/q/health/ready", "");
    request(MANAGEMENT_PORT, "/q/metrics", "");
    request(PORT, "/q/openapi", "");
    request(PORT, "/v1/projects", "");
    request(PORT, "/v1/projects", "{\"name\":\"rehearsal\"}");
    request(PORT, "/api/models", "");
    return 0;
  }

  /** The answer does not matter; most of them say that there is no database. */
  private void request(String port, String path, String body) throws IOException {
    var address = URI.create("http://" + HOST + ":" + config.getValue(port, String.class) + path);
    var connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setReadTimeout(60_000);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (var answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (answer != null) {
        answer.readAllBytes();
      }
    }
  }
}
