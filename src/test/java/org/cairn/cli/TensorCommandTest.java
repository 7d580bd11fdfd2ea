package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorCommandTest {

  private static final byte[] SERIES = Trees.noise(7, 100_000);

  @TempDir Path folder;
  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Every answer but the last is cut after so many bytes. */
  private volatile List<Integer> cuts = List.of();

  private volatile String etag = "\"1\"";
  private volatile int refuse;

  TensorCommandTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int number = requests.size();
      var range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
      if (refuse > 0) {
        var problem = "{\"type\":\"/problems/x\",\"detail\":\"not like that\"}";
        exchange.sendResponseHeaders(refuse, problem.length());
        exchange.getResponseBody().write(problem.getBytes(StandardCharsets.UTF_8));
        return;
      }
      int from = 0;
      if (range != null && etag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
        from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
      }
      var headers = exchange.getResponseHeaders();
      headers.set("ETag", etag);
      headers.set("Cairn-Checkpoints", "3");
      headers.set("Cairn-Without-Tensor", "1");
      headers.set("Cairn-Steps", "0,1,512");
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, SERIES.length - from);
      int length = number < cuts.size() ? cuts.get(number) : SERIES.length - from;
      exchange.getResponseBody().write(SERIES, from, length);
      exchange.getResponseBody().flush();
    }
  }

  private Program tensor(Object... more) {
    var arguments = new ArrayList<Object>(List.of("tensor", "lab/my-run", "h.0/embed.weight"));
    arguments.addAll(List.of("--from", "http://127.0.0.1:" + server.getAddress().getPort()));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray());
  }

  @Test
  void writesWhatTheRegistryAnswers() throws IOException {
    var file = folder.resolve("embed.npy");
    Files.writeString(file, "older");
    var done =
        tensor(
            "-o", file, "--format", "npy", "--spacing", "log", "--points", 20, "--slice", "0:3,:");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(SERIES);
    assertThat(done.out()).contains("embed.npy: 3 checkpoints").contains("steps 0,1,512");
    assertThat(done.err()).contains("without the tensor are left out: 1");
    assertThat(requests)
        .containsExactly(
            "/v1/projects/lab/runs/my-run/tensors/h.0/embed.weight?spacing=log&points=20&slice=0%3A3%2C%3A&format=npy");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void printsOneJsonObject() {
    var file = folder.resolve("x.safetensors");
    var said = tensor("-o", file, "--steps", "0,1,512", "--step-from", 0, "--json").json();
    assertThat(said.count("size")).isEqualTo(SERIES.length);
    assertThat(said.count("checkpoints")).isEqualTo(3);
    assertThat(said.node().path("steps").toString()).isEqualTo("[0,1,512]");
    assertThat(requests.getFirst()).endsWith("?steps=0%2C1%2C512&stepFrom=0&format=safetensors");
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws IOException {
    cuts = List.of(30_000, 20_000);
    var file = folder.resolve("x.npy");
    var done = tensor("-o", file);
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(SERIES);
    assertThat(requests).hasSize(3);
    assertThat(requests.getLast()).contains(" bytes=");
  }

  @Test
  void whatIsRefusedLeavesNothingBehind() throws IOException {
    var file = folder.resolve("x.npy");
    refuse = 404;
    assertThat(tensor("-o", file).exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    refuse = 400;
    var wrong = tensor("-o", file);
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(wrong.err()).contains("not like that");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void refusesAWrongCommandLineBeforeAnyRequest() {
    assertThat(tensor("--format", "../x").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tensor("-o", folder).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tensor("-o", folder.resolve("none/x")).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("tensor", "lab/my-run@step1", "w").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("tensor", "lab", "w").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("tensor", "lab/my-run").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(requests).isEmpty();
  }

  @Test
  void namesTheFileAfterTheTensor() {
    assertThat(TensorCommand.fileName("h.0/embed weight", "npy")).isEqualTo("h.0_embed_weight.npy");
    assertThat(TensorCommand.fileName("../../etc", "arrow")).isEqualTo("__.._etc.arrows");
    assertThat(TensorCommand.fileName("x".repeat(500), "npy")).hasSize(124);
  }
}
