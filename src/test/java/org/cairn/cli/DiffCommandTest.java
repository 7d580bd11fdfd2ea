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

class DiffCommandTest {

  private static final String ANSWER =
      """
      {"verdict":"%s","factors":[
        {"name":"bookkeeping","declared":false,"shapesTraining":false,"differences":1},
        {"name":"seed","declared":true,"shapesTraining":true,"differences":1},
        {"name":"optimizer","declared":false,"shapesTraining":true,"differences":%d}],
       "axes":[],"notCompared":[
        {"aspect":"code","leftSegment":"main","rightSegment":"main","reason":"neither side tells it"}],
       "differences":[
        {"factor":"seed","aspect":"configuration","leftSegment":"main","rightSegment":"main","key":"seed","left":42}],
       "truncated":true}
      """;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private String answer = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/diff",
        exchange -> {
          requests.add(String.valueOf(exchange.getRequestURI().getQuery()));
          var body = answer.getBytes(StandardCharsets.UTF_8);
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

  private Program diff(Object... words) {
    var arguments = new ArrayList<Object>(List.of("diff"));
    arguments.addAll(List.of(words));
    arguments.addAll(List.of("--from", "http://127.0.0.1:" + server.getAddress().getPort()));
    return Program.run(arguments.toArray());
  }

  @Test
  void showsWhatDiffersAndWhetherItIsDeclared() {
    answer = ANSWER.formatted("as-declared", 0);
    var done = diff("lab/a", "lab/b", "--factor", "seed", "--segments", "x,y");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out().lines())
        .containsExactly(
            "FACTOR  KEY                 LEFT  RIGHT",
            "seed    configuration seed  42    -",
            "not compared: code of main: neither side tells it",
            "They differ only by seed, as declared.");
    assertThat(done.err()).contains("there are more differences than are listed");
    assertThat(requests)
        .containsExactly("left=lab/a&right=lab/b&leftSegment=x&rightSegment=y&factor=seed");
  }

  @Test
  void theExitCodeTellsWhetherItIsAsDeclared() {
    answer = ANSWER.formatted("not-as-declared", 3);
    var done = diff("lab/a", "lab/b");
    assertThat(done.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(done.out()).endsWith("They differ by optimizer, which is not declared.\n");
    answer = ANSWER.formatted("unknown", 0);
    assertThat(diff("lab/a", "lab/b").exitCode()).isEqualTo(ExitCode.FAILED);
    answer = ANSWER.formatted("equal", 0);
    assertThat(diff("lab/a", "lab/b", "--json").json().text("verdict")).isEqualTo("equal");
  }

  @Test
  void showsWithWhichBatchesEvaluationsWereRun() {
    var evaluated =
        """
        {"verdict":"equal","factors":[
          {"name":"evaluation","declared":%s,"shapesTraining":false,"differences":1}],
         "axes":[],"notCompared":[],
         "differences":[
          {"factor":"evaluation","aspect":"evaluation","key":"0-shot.batchSize",
           "left":[{"batchSize":"4","steps":[1,2,3,4],"moreSteps":7},{"batchSize":"8","steps":[4]}],
           "right":[{"batchSize":"16","steps":[1]}]}],
         "truncated":false}
        """;
    answer = evaluated.formatted(false);
    var done = diff("lab/a", "lab/b");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out().lines())
        .containsExactly(
            "FACTOR      KEY                          LEFT                             RIGHT",
            "evaluation  evaluation 0-shot.batchSize  4 at 1, 2, 3 and 8 more; 8 at 4  16 at 1",
            "Their evaluations were run with other batches, which is not declared.",
            "They differ in nothing that shapes training.");
    answer = evaluated.formatted(true);
    assertThat(diff("lab/a", "lab/b", "--factor", "evaluation").out())
        .doesNotContain("not declared");
  }

  @Test
  void needsTwoRuns() {
    assertThat(diff("lab/a").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(diff("lab/a", "lab").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(diff("lab/a", "lab/b", "--segments", "x").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(requests).isEmpty();
  }
}
