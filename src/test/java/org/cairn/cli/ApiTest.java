package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {

  private static final Retry QUICK = new Retry(4, Duration.ofMillis(1), Duration.ofMillis(5));

  private final Transport transport = new Transport(Duration.ofMillis(400));
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Api api;

  ApiTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api =
        new Api(
            new ServerUrl("http://127.0.0.1:" + server.getAddress().getPort()), transport, QUICK);
  }

  @BeforeEach
  void start() {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    transport.close();
    server.stop(0);
  }

  /** Answers one request; the first has number 1. */
  private interface Answering {
    void answer(int number, HttpExchange exchange) throws IOException;
  }

  private void serve(Answering answering) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            keys.add(key == null ? "" : key);
            answering.answer(asked.incrementAndGet(), exchange);
          }
        });
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void triesAgainWhatMayWorkLater(int status) {
    serve((number, exchange) -> send(exchange, number < 3 ? status : 200, "{\"a\":\"b\"}"));
    assertThat(api.get("/v1/x").text("a")).isEqualTo("b");
    assertThat(asked).hasValue(3);
  }

  @Test
  void triesAgainAfterABrokenConnectionWithTheSameKey() {
    serve((number, exchange) -> {
      if (number > 2) {
        send(exchange, 201, "{\"a\":\"b\"}");
      }
    });
    assertThat(api.create("/v1/projects", Json.object())).isPresent();
    assertThat(keys).hasSize(3).doesNotContain("").containsOnly(keys.getFirst());
  }

  @ParameterizedTest
  @CsvSource({"400, 1", "404, 4", "410, 4", "409, 6", "413, 1", "501, 1"})
  void doesNotInsistOnARefusal(int status, int exitCode) {
    serve((number, exchange) ->
        send(
            exchange,
            status,
            """
            {"type":"/problems/invalid-request","title":"Bad","status":1,"detail":"no good",
             "violations":[{"field":"files[3].path","message":"a path is relative"}]}
            """));
    assertThatThrownBy(() -> api.get("/v1/x"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("invalid-request: no good; files[3].path: a path is relative")
        .extracting(e -> ((CliException) e).exitCode())
        .isEqualTo(exitCode);
    assertThat(asked).hasValue(1);
  }

  @Test
  void givesUpInTheEnd() {
    serve((number, exchange) -> send(exchange, 503, "busy\u001b[31m"));
    assertThatThrownBy(() -> api.get("/v1/x"))
        .hasMessageContaining("503: busy\ufffd[31m")
        .extracting(e -> ((CliException) e).exitCode())
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(asked).hasValue(4);
  }

  @Test
  void waitsAsLongAsTheServerAsks() {
    serve((number, exchange) -> {
      exchange.getResponseHeaders().set("Retry-After", "1");
      send(exchange, number == 1 ? 503 : 200, "{}");
    });
    var begun = System.nanoTime();
    api.get("/v1/x");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void noticesThatNothingMoves() {
    serve((number, exchange) -> {
      exchange.sendResponseHeaders(200, 10);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      sleep(Duration.ofSeconds(3));
    });
    var once = api.with(new Retry(1, Duration.ofMillis(1), Duration.ofMillis(1)));
    assertThatThrownBy(() -> once.get("/v1/x")).hasMessageContaining("no byte has moved");
  }

  @Test
  void saysThatNobodyIsThere() throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    var nobody = new Api(new ServerUrl("http://127.0.0.1:" + free), transport, QUICK);
    assertThatThrownBy(() -> nobody.get("/v1/x"))
        .hasMessageContaining("127.0.0.1:" + free)
        .hasMessageContaining("does not answer")
        .extracting(e -> ((CliException) e).exitCode())
        .isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void recognisesWhatIsNoRegistry() {
    serve((number, exchange) -> send(exchange, 200, "<html>Welcome</html>"));
    assertThatThrownBy(() -> api.get("/v1/x"))
        .hasMessageContaining("is this the address of a Cairn");
  }

  @Test
  void doesNotTakeAnotherAnswerForAnEmptyListing() {
    serve((number, exchange) -> send(exchange, 200, "{\"files\":[]}"));
    assertThatThrownBy(() -> api.all("/v1/x")).hasMessageContaining("items should be a list");
  }

  @Test
  void leavesAnEndlessListing() {
    serve((number, exchange) -> send(exchange, 200, "{\"items\":[],\"nextPageToken\":\"again\"}"));
    assertThatThrownBy(() -> api.all("/v1/x")).hasMessageContaining("circle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"../../x\",\"sha256\":\"%s\",\"size\":1,\"state\":\"open\"}",
        "{\"id\":\"u\",\"sha256\":\"zz\",\"size\":1,\"state\":\"open\"}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":-1,\"state\":\"open\"}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":1e3,\"state\":\"open\"}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":99999999999999999999,\"state\":\"open\"}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":9,\"state\":\"open\",\"partSize\":1,\"partCount\":1}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":1,\"state\":\"open\",\"parts\":[{\"number\":1,\"url\":\"file:///etc/passwd\"}]}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":1,\"state\":\"open\",\"parts\":[{\"number\":1,\"url\":\"ht tp://x\"}]}",
        "{\"id\":\"u\",\"sha256\":\"%s\",\"size\":1,\"state\":\"open\",\"parts\":{}}",
        "{\"id\":[],\"sha256\":\"%s\",\"size\":1}",
        "[1,2]",
        "null",
        ""
      })
  void refusesOddAnswersAboutUploads(String answer) {
    serve((number, exchange) -> send(exchange, 200, answer.formatted("a".repeat(64))));
    assertThatThrownBy(() -> new UploadApi(api).get("u", 0)).isInstanceOf(CliException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void encodesWhatGoesIntoAnAddress() {
    assertThat(ServerUrl.segment("a/b c+%ü")).isEqualTo("a%2Fb%20c%2B%25%C3%BC");
    assertThat(ServerUrl.path("a b/c#d")).isEqualTo("a%20b/c%23d");
    assertThat(ServerUrl.of("https://x.org/base//").at("/v1/x"))
        .hasToString("https://x.org/base/v1/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:8080", "ftp://x", "http://", "http://u:p@x", "http://x?a=b", "::"})
  void refusesWhatIsNoAddress(String url) {
    assertThatThrownBy(() -> ServerUrl.of(url))
        .extracting(e -> ((CliException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
