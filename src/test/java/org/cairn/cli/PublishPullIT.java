package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.cairn.testsupport.CairnProcess.get;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program against the packaged service: what goes up comes down, whatever breaks. */
class PublishPullIT {

  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path temporary;

  @Test
  void bringsTheExampleThereAndBack() {
    theSuiteComesBack(CairnProcess.TARGET.resolve("demo/glyph"), "glyph");
  }

  /** Nothing of it is as in the example, and some of its facts are more than the service takes. */
  @Test
  void bringsASuiteOfAnotherMakeThereAndBack() {
    var suite = temporary.resolve("another");
    for (var family : List.of("small", "large")) {
      for (int step : new int[] {0, 10, 100}) {
        var checkpoint = "models/%s/seed0/ckpts/%d/".formatted(family, step);
        Trees.write(suite, checkpoint + "weights.npy", Trees.noise(step, 5000));
        Trees.write(suite, checkpoint + "optimizer state.pkl", Trees.noise(step + 1, 500));
        Trees.write(suite, checkpoint + "empty", "");
      }
      Trees.write(suite, "models/" + family + "/seed0/config.yml", "lr: 0.1\n");
      Trees.write(suite, "models/" + family + "/seed0/notes.md", family);
    }
    Trees.write(suite, "flat/epoch=1-step=100.ckpt", Trees.noise(7, 5000));
    Trees.write(suite, "flat/argv.txt", "python " + "x".repeat(9000));
    Trees.write(suite, "flat/hardware.json", "{\"gpu\":\"%s\"}".formatted("x".repeat(70_000)));
    Trees.write(
        suite,
        "flat/resolved_config.json",
        "{\"config\":{\"seed\":18446744073709551616,\"train-iters\":100}}");
    Trees.write(suite, "datasets/a/part.parquet", Trees.noise(8, 100));
    Trees.write(suite, "datasets/b/part.jsonl", "{}\n");
    Trees.write(suite, "data/order.npy", Trees.noise(9, 64));
    Trees.write(suite, ".hidden/empty", "");
    Trees.write(suite, "README.md", "a suite");
    try (var registry = serve(Map.of())) {
      var published = publish(registry, suite, "another");
      assertThat(published.path("failures")).isEmpty();
      assertThat(published.path("sealed").asInt()).isEqualTo(7);
      assertThat(published.path("warnings").toString()).contains("flat: registered without");
      var out = temporary.resolve("out");
      client(registry, "pull", "another", "--out", out.toString());
      assertThat(Trees.digests(out)).isEqualTo(Trees.digests(suite));
      nothingIsSentAgain(registry, suite, "another");
    }
  }

  @Test
  @Tag("conformance")
  void bringsTheWholeSuiteThereAndBack() {
    theSuiteComesBack(Suite.glyph(), "glyph");
  }

  private void theSuiteComesBack(Path suite, String project) {
    var before = new TreeMap<String, JsonNode>();
    try (var registry = serve(Map.of())) {
      var published = publish(registry, suite, project);
      assertThat(published.path("filesHashed").asInt()).isEqualTo(Trees.digests(suite).size());
      assertThat(published.path("bytesSent").asLong()).isPositive();

      var out = temporary.resolve("out");
      var pulled = client(registry, "pull", project, "--out", out.toString());
      assertThat(pulled.path("failures")).isEmpty();
      assertThat(Trees.digests(out)).isEqualTo(Trees.digests(suite));

      nothingIsSentAgain(registry, suite, project);
      var run = project + "/glyph-60k-seed1";
      var one = temporary.resolve("one");
      client(registry, "pull", run, "--out", one.toString());
      assertThat(
              client("verify", one.toString(), "--against", registry.url(), run)
                  .path("right")
                  .asInt())
          .isEqualTo(Trees.digests(suite.resolve("runs/glyph-60k-seed1")).size());
      read(registry, project, before);
      registry.terminate().awaitExit(LONG);
    }
    try (var registry = serve(Map.of())) {
      var after = new TreeMap<String, JsonNode>();
      read(registry, project, after);
      assertThat(after).isEqualTo(before);
      nothingIsSentAgain(registry, suite, project);
    }
  }

  private void nothingIsSentAgain(CairnProcess registry, Path suite, String project) {
    var again = publish(registry, suite, project);
    for (var field :
        List.of(
            "bytesSent", "artifactsUploaded", "checkpointsRegistered", "sealed", "runsCreated")) {
      assertThat(again.path(field).asLong()).as(field).isZero();
    }
  }

  /** Every object that a reader of the API sees. */
  private static void read(CairnProcess registry, String project, Map<String, JsonNode> answers) {
    var path = "/v1/projects/" + project;
    answers.put(path, ask(registry, path));
    answers.put(path + "/datasets", ask(registry, path + "/datasets"));
    var runs = ask(registry, path + "/runs");
    answers.put(path + "/runs", runs);
    for (var run : runs.path("items")) {
      var at = path + "/runs/" + run.path("name").asText();
      for (var list : List.of("segments", "lineage", "findings", "labels", "files?pageSize=500")) {
        answers.put(at + "/" + list, ask(registry, at + "/" + list));
      }
      var checkpoints = ask(registry, at + "/checkpoints?include=files&pageSize=2000");
      answers.put(at + "/checkpoints", checkpoints);
      for (var checkpoint : checkpoints.path("items")) {
        assertThat(checkpoint.path("state").asText()).isEqualTo("sealed");
        var manifest = at + "/checkpoints/" + checkpoint.path("label").asText() + "/manifest";
        answers.put(manifest, ask(registry, manifest));
      }
    }
  }

  @Test
  void continuesAfterAKillWithoutSendingAPartTwice() {
    var run = temporary.resolve("big");
    int size = 203_000_000;
    Trees.write(run, "step1/model.safetensors", Trees.noise(1, size));
    // The smallest parts that S3 takes: forty of them, so that there is a half-way.
    try (var registry = serve(Map.of("CAIRN_UPLOAD_PART_SIZE", "5M"))) {
      try (var first = start("publish", run, registry, "--jobs", "1")) {
        await("parts arrive", LONG, () -> arrived(registry) >= 3 || !first.handle().isAlive());
        first.kill().awaitExit(LONG);
      }
      var arrived = arrived(registry);
      assertThat(arrived).as("killed half-way").isBetween(3L, 38L);
      var done = publish(registry, run, "lab");
      assertThat(done.path("uploadsContinued").asLong()).isEqualTo(1);
      assertThat(done.path("partsAlreadyThere").asLong()).isEqualTo(arrived);
      assertThat(done.path("partsSent").asLong()).isEqualTo(39 - arrived);
      assertThat(done.path("bytesSent").asLong()).isEqualTo(size - arrived * (5 << 20));
      assertThat(done.path("sealed").asLong()).isEqualTo(1);
      var out = temporary.resolve("out");
      client(registry, "pull", "lab/big", "--out", out.toString());
      assertThat(Trees.digests(out)).isEqualTo(Trees.digests(run));
    }
  }

  @Test
  void passesOnWhatIsLargerThanItsMemory() {
    var run = temporary.resolve("large");
    int size = 403_000_000;
    Trees.write(run, "step1/model.safetensors", Trees.noise(3, size));
    var small =
        Map.of(
            "CAIRN_TRANSFER_MODE",
            "proxied",
            "JAVA_OPTS",
            "-Xmx160m -XX:MaxDirectMemorySize=96m -XX:+ExitOnOutOfMemoryError");
    try (var registry = serve(small)) {
      assertThat(publish(registry, run, "lab").path("bytesSent").asLong()).isEqualTo(size);
      var out = temporary.resolve("out");
      client(registry, "pull", "lab/large", "--out", out.toString());
      assertThat(Trees.digests(out)).isEqualTo(Trees.digests(run));
    }
  }

  @Test
  void isPatientWithAServiceThatRestarts() {
    var run = temporary.resolve("big");
    for (int step = 1; step <= 40; step++) {
      Trees.write(run, "step" + step + "/model.safetensors", Trees.noise(step, 1_500_000));
    }
    int port;
    try (var registry = serve(Map.of())) {
      port = java.net.URI.create(registry.url()).getPort();
      try (var publisher = start("publish", run, registry, "--jobs", "2")) {
        await(
            "a checkpoint is sealed",
            LONG,
            () ->
                get(registry.url() + "/v1/projects/lab/runs/big/checkpoints?state=sealed")
                    .body()
                    .contains("\"state\":\"sealed\""));
        registry.kill().awaitExit(LONG);
        try (var again = serve(Map.of(), port)) {
          assertThat(publisher.awaitExit(LONG)).as(publisher.output()).isZero();
          var out = temporary.resolve("out");
          client(again, "pull", "lab/big", "--out", out.toString());
          assertThat(Trees.digests(out)).isEqualTo(Trees.digests(run));
        }
      }
    }
  }

  @Test
  void tellsByItsExitCodeWhatHappened() {
    try (var registry = serve(Map.of())) {
      var run = temporary.resolve("r");
      Trees.write(run, "step1/model.safetensors", Trees.noise(1, 1000));
      publish(registry, run, "lab");
      Trees.write(run, "step1/model.safetensors", Trees.noise(2, 1000));
      var conflict = start("publish", run, registry);
      assertThat(conflict.awaitExit(LONG)).isEqualTo(ExitCode.CONFLICT);
      assertThat(conflict.output()).contains("lab/r@step1 is sealed with other content");
      var nothing = run("pull", "lab/none", "--from", registry.url(), "--out", "x");
      assertThat(nothing.awaitExit(LONG)).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(nothing.output()).hasLineCount(1);
      var list = run("ls", "lab/r", "--from", registry.url());
      assertThat(list.awaitExit(LONG)).as(list.output()).isZero();
      assertThat(list.output())
          .containsPattern("step1 +1 +unknown +1 +1.0 kB +sealed +[0-9a-f]{16}");
    }
    var nobody = run("ls", "--from", "http://127.0.0.1:1");
    assertThat(nobody.awaitExit(LONG)).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(run("nonsense").awaitExit(LONG)).isEqualTo(ExitCode.USAGE);
  }

  /** Parts that have arrived of all open uploads. */
  private static long arrived(CairnProcess registry) {
    long arrived = 0;
    for (var upload : ask(registry, "/v1/uploads?state=open").path("items")) {
      var parts = ask(registry, "/v1/uploads/" + upload.path("id").asText() + "/parts");
      arrived += parts.path("arrived").size();
    }
    return arrived;
  }

  private CairnProcess serve(Map<String, String> environment) {
    return serve(environment, 0);
  }

  private CairnProcess serve(Map<String, String> environment, int port) {
    return CairnProcess.start(
            CairnProcess.LAUNCHER,
            temporary,
            environment,
            "serve",
            "--data",
            temporary.resolve("data").toString(),
            "--port",
            Integer.toString(port))
        .awaitReady();
  }

  private JsonNode publish(CairnProcess registry, Path folder, String project) {
    return client(
        registry.url(), List.of("publish", folder.toString(), "--project", project), "--to");
  }

  private CairnProcess start(String command, Path folder, CairnProcess registry, String... more) {
    var words =
        new ArrayList<>(
            List.of(command, folder.toString(), "--project", "lab", "--to", registry.url()));
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new));
  }

  private JsonNode client(CairnProcess registry, String... words) {
    return client(registry.url(), List.of(words), "--from");
  }

  private JsonNode client(String url, List<String> words, String option) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(option, url));
    return client(all.toArray(String[]::new));
  }

  /** Runs a command to its good end; gives back the JSON that it prints. */
  private JsonNode client(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--json", "--quiet"));
    var process = run(all.toArray(String[]::new));
    assertThat(process.awaitExit(LONG)).as(process.output()).isZero();
    return json(
        process.output().lines().filter(line -> line.startsWith("{")).findFirst().orElse(""));
  }

  private CairnProcess run(String... words) {
    return CairnProcess.start(CairnProcess.LAUNCHER, temporary, Map.of(), words);
  }

  private static JsonNode ask(CairnProcess registry, String path) {
    var answer = get(registry.url() + path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return json(answer.body());
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
