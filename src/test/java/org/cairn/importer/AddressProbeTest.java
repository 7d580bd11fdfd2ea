package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairn.importer.AddressProbe.Answer;
import org.cairn.importer.AddressProbe.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server answers; the names of its host are those that the test gives it. */
class AddressProbeTest {

  private static final String SHA = "ab".repeat(32);

  private static Vertx vertx;
  private static HttpServer server;
  private static int port;
  private static final AtomicInteger ASKED = new AtomicInteger();

  private final Map<String, Integer> resolved = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws IOException {
    vertx = Vertx.vertx();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    port = server.getAddress().getPort();
    server.createContext("/", AddressProbeTest::serve);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void forget() {
    ASKED.set(0);
  }

  private static void serve(HttpExchange exchange) throws IOException {
    ASKED.incrementAndGet();
    var headers = exchange.getResponseHeaders();
    int status =
        switch (exchange.getRequestURI().getPath()) {
          case "/file" -> {
            headers.set("ETag", "\"abc\"");
            headers.set("Content-Length", "17");
            yield 200;
          }
          case "/lfs" -> {
            headers.set("X-Linked-Etag", "\"" + SHA + "\"");
            headers.set("X-Linked-Size", "4096");
            headers.set("Location", "http://private.example/");
            yield 302;
          }
          case "/moved" -> {
            headers.set("Location", "/file?x=1");
            yield 301;
          }
          case "/inward" -> {
            headers.set("Location", "http://private.example/file");
            yield 302;
          }
          case "/scheme" -> {
            headers.set("Location", "file:///etc/passwd");
            yield 302;
          }
          case "/loop" -> {
            headers.set("Location", "/loop");
            yield 302;
          }
          case "/nowhere" -> 302;
          case "/gated" -> 403;
          case "/busy" -> 503;
          default -> 404;
        };
    assertThat(exchange.getRequestMethod()).isEqualTo("HEAD");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    resolved.merge(host, 1, Integer::sum);
    return switch (host) {
      case "trusted.example", "private.example" -> List.of(InetAddress.getLoopbackAddress());
      case "mixed.example" ->
          List.of(InetAddress.ofLiteral("1.1.1.1"), InetAddress.getLoopbackAddress());
      case "none.example" -> throw new UnknownHostException(host);
      default -> List.of(InetAddress.ofLiteral(host));
    };
  }

  private Answer probe(String address) throws InterruptedException {
    var client = vertx.createHttpClient(new HttpClientOptions());
    try {
      return new AddressProbe(
              new PublicHttp(client, this::resolve, Set.of("trusted.example:" + port)))
          .probe(address);
    } finally {
      client.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static String at(String path) {
    return "http://trusted.example:" + port + path;
  }

  @Test
  void whatAHostSaysIsTold() throws InterruptedException {
    assertThat(probe(at("/file")))
        .isEqualTo(new Answer(State.AVAILABLE, "status 200", 17L, "etag", "abc"));
    assertThat(resolved)
        .as("resolved once, whatever the name means next")
        .hasSize(1)
        .containsValue(1);
    assertThat(probe(at("/lfs")))
        .as("not followed: the host says what it will send")
        .isEqualTo(new Answer(State.AVAILABLE, "status 302", 4096L, "sha256", SHA));
    assertThat(probe(at("/moved")).size()).isEqualTo(17);
    assertThat(probe(at("/gated")).state()).isEqualTo(State.GATED);
    assertThat(probe(at("/absent")).state()).isEqualTo(State.MISSING);
  }

  @Test
  void whatSaysNothingIsUnknown() throws InterruptedException {
    for (var address : List.of(at("/busy"), at("/loop"), at("/nowhere"), "http://none.example/")) {
      assertThat(probe(address).state()).as(address).isEqualTo(State.UNKNOWN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://private.example/file",
        "https://private.example/file",
        "http://mixed.example/file",
        "http://127.0.0.1/file",
        "http://[::1]/file",
        "http://169.254.169.254/latest/meta-data/",
        "http://1.1.1.1:22/",
        "http://user@trusted.example/file",
        "ftp://trusted.example/file",
        "file:///etc/passwd",
        "s3://bucket/key",
        "//trusted.example/file",
        "",
        "http://",
        "http://exa mple/"
      })
  void nobodyIsLedInward(String address) throws InterruptedException {
    assertThat(probe(address).state()).isEqualTo(State.REFUSED);
    assertThat(ASKED).hasValue(0);
  }

  @Test
  void noRedirectLeadsInward() throws InterruptedException {
    assertThat(probe(at("/inward")).state()).isEqualTo(State.REFUSED);
    assertThat(probe(at("/scheme")).state()).isEqualTo(State.REFUSED);
    assertThat(ASKED).as("the redirects, and not where they lead").hasValue(2);
    assertThat(probe("http://private.example:" + port + "/file").state())
        .as("an untrusted name of the trusted host's port")
        .isEqualTo(State.REFUSED);
  }
}
