package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindingsCommandTest {

  private static final String PAGE =
      """
      {"items":[{"id":"1","class":"non-finite-weights","subject":"checkpoint step32",
        "evidence":{"step":32,"summary":"Two are NaN."},"status":"open","createdAt":"2026-11-23T00:00:00Z"}]}
      """;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/projects/lab/runs/my-run/findings",
        exchange -> {
          requests.add(String.valueOf(exchange.getRequestURI().getRawQuery()));
          var body = PAGE.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Program findings(String address, Object... more) {
    var arguments = new ArrayList<Object>(List.of("findings", address));
    arguments.addAll(List.of("--from", "http://127.0.0.1:" + server.getAddress().getPort()));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray());
  }

  @Test
  void showsATable() {
    var done = findings("lab/my-run", "--status", "open", "--class", "non-finite-weights");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out())
        .startsWith("CLASS")
        .contains("non-finite-weights")
        .contains("checkpoint step32")
        .contains("open");
    assertThat(requests).containsExactly("pageSize=500&status=open&class=non-finite-weights");
  }

  @Test
  void printsTheEvidenceAsJson() {
    var said = findings("lab/my-run", "--json").json();
    assertThat(said.node().at("/items/0/evidence/step").asInt()).isEqualTo(32);
  }

  @Test
  void tellsWhatToSendToThoseWhoPublished() {
    assertThat(findings("lab/my-run", "--report").out().lines())
        .containsExactly(
            "non-finite-weights: checkpoint step32 (open)",
            "  Two are NaN.",
            "  {\"step\":32}",
            "");
  }

  @Test
  void needsARun() {
    assertThat(findings("lab").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(findings("lab/my-run@step1").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(requests).isEmpty();
  }
}
