package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishCommandTest {

  @TempDir Path folder;
  private final FakeRegistry registry;

  PublishCommandTest() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Program publish(Object... more) {
    var arguments = new java.util.ArrayList<Object>();
    arguments.addAll(
        java.util.List.of("publish", "--project", "lab", "--to", registry.url(), "--json"));
    arguments.addAll(java.util.List.of(more));
    return Program.run(arguments.toArray());
  }

  private Program pull(String address, Path out) {
    return Program.run("pull", address, "--from", registry.url(), "--out", out, "--json");
  }

  @Test
  void bringsEveryByteThereAndBack() {
    var root = Trees.run(folder.resolve("tiny"));
    var published = publish(root);
    assertThat(published.exitCode()).as(published.err()).isZero();
    var counts = published.json();
    assertThat(counts.count("filesHashed")).isEqualTo(Trees.digests(root).size());
    assertThat(counts.count("checkpointsRegistered")).isEqualTo(3);
    assertThat(counts.count("sealed")).isEqualTo(3);
    assertThat(counts.count("runFilesRegistered")).isEqualTo(10);

    var pulled = pull("lab/tiny", folder.resolve("out"));
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(root));

    var segment = registry.catalogue.at("lab/runs/tiny/segments/main");
    assertThat(segment.path("configuration").asText()).startsWith("id-c");
    assertThat(segment.path("code").path("files").path("train.py").asText())
        .isEqualTo(Trees.digests(root).get("train.py"));
    var configuration =
        registry.catalogue.objects.entrySet().stream()
            .filter(entry -> entry.getKey().contains("/configurations/"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    assertThat(configuration.path("raw").asText())
        .isEqualTo(Trees.digests(root).get("config.yaml"));
  }

  @Test
  void sendsNothingTheSecondTime() {
    var root = Trees.run(folder.resolve("tiny"));
    assertThat(publish(root).exitCode()).isZero();
    registry.requests.clear();
    var again = publish(root);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().count("bytesSent")).isZero();
    assertThat(again.json().count("checkpointsAlreadyThere")).isEqualTo(3);
    assertThat(again.json().count("sealedBefore")).isEqualTo(3);
    assertThat(registry.requests)
        .allMatch(request -> request.startsWith("GET ") || request.endsWith("/artifacts/known"));
  }

  @Test
  void addsWhatIsNew() {
    var root = Trees.run(folder.resolve("tiny"));
    assertThat(publish(root).exitCode()).isZero();
    Trees.write(root, "checkpoints/step5/model.safetensors", Trees.noise(5, 100));
    Trees.write(root, "metrics.csv", "step,tokens,loss\n1,192,6.2\n2,384,6.1\n");
    var again = publish(root);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().count("checkpointsRegistered")).isEqualTo(1);
    assertThat(again.json().count("runFilesRegistered")).isEqualTo(1);
    assertThat(registry.catalogue.at("lab/runs/tiny/checkpoints/step5").path("kind").asText())
        .isEqualTo("extra");
  }

  @Test
  void endsARunThatWasStillGoing() throws IOException {
    var root = Trees.run(folder.resolve("tiny"));
    var last = root.resolve("checkpoints/step4");
    Files.move(last, folder.resolve("later"));
    assertThat(publish(root).exitCode()).isZero();
    var run = registry.catalogue.at("lab/runs/tiny");
    assertThat(run.path("status").asText()).isEqualTo("running");
    Files.move(folder.resolve("later"), last);
    assertThat(publish(root).exitCode()).isZero();
    assertThat(run.path("status").asText()).isEqualTo("finished");
    assertThat(registry.catalogue.at("lab/runs/tiny/segments/main").path("endStep").asLong())
        .isEqualTo(4);
  }

  @Test
  void refusesOtherContentUnderASealedLabelBeforeItSendsAnything() {
    var root = Trees.run(folder.resolve("tiny"));
    assertThat(publish(root).exitCode()).isZero();
    Trees.write(root, "checkpoints/step1/model.safetensors", Trees.noise(77, 2500));
    Trees.write(root, "checkpoints/step9/model.safetensors", Trees.noise(9, 10));
    registry.requests.clear();
    var refused = publish(root);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFLICT);
    assertThat(refused.err())
        .contains("lab/tiny@step1 is sealed with other content: model.safetensors");
    assertThat(registry.requests).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void correctsADraft() throws IOException {
    var root = Trees.run(folder.resolve("tiny"));
    assertThat(publish(root, "--no-seal").exitCode()).isZero();
    assertThat(registry.catalogue.at("lab/runs/tiny/checkpoints/step1").path("state").asText())
        .isEqualTo("draft");
    Trees.write(root, "checkpoints/step1/model.safetensors", Trees.noise(77, 2500));
    Files.delete(root.resolve("checkpoints/step1/tokenizer.json"));
    assertThat(publish(root).exitCode()).isZero();
    assertThat(pull("lab/tiny", folder.resolve("out")).exitCode()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(root));
  }

  @Test
  void publishesASuiteWithForksAfterTheirParents() {
    var suite = folder.resolve("suite");
    Trees.run(suite.resolve("runs/zz-parent"));
    var fork = Trees.run(suite.resolve("runs/a-fork"));
    Trees.write(
        fork,
        "fork.json",
        "{\"parent_run\":\"zz-parent\",\"parent_step\":1,"
            + "\"parent_state_sha256\":{\"model.safetensors\":\"x\",\"rng.safetensors\":\"y\"}}");
    Trees.write(suite, "dataset/olmo/order.npy", Trees.noise(99, 64));
    Trees.write(
        suite,
        "dataset/olmo/recipe.json",
        "{\"order\":{\"files\":[{\"dtype\":\"uint32\",\"sha256\":\"%s\"}]}}"
            .formatted(Sha256.of(Trees.noise(99, 64))));
    Trees.write(suite, "README.md", "shared");
    var published = publish(suite);
    assertThat(published.exitCode()).as(published.err()).isZero();
    var segment = registry.catalogue.at("lab/runs/a-fork/segments/main");
    assertThat(Json.text(segment.path("parents")))
        .isEqualTo(
            "[{\"kind\":\"fork\",\"checkpoint\":\"lab/zz-parent@step1\","
                + "\"loads\":{\"weights\":true,\"rng\":true}}]");
    assertThat(segment.path("startStep").asLong()).isEqualTo(1);
    assertThat(segment.path("dataOrder").path("datasetVersion").asText())
        .isEqualTo("lab/dataset@1");
    assertThat(segment.path("dataOrder").path("count").asLong()).isEqualTo(16);

    assertThat(pull("lab", folder.resolve("out")).exitCode()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(suite));
    assertThat(publish(suite).json().count("bytesSent")).isZero();
    Trees.write(suite, "README.md", "shared, and corrected");
    var corrected = publish(suite);
    assertThat(corrected.exitCode()).as(corrected.err()).isZero();
    assertThat(corrected.err()).contains("lab/suite changed since version 1 (README.md");
    assertThat(corrected.json().count("datasetVersionsCreated")).isEqualTo(1);
    assertThat(pull("lab", folder.resolve("out")).exitCode()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(suite));
  }

  @Test
  void namesAParentThatIsNotHere() {
    var fork = Trees.run(folder.resolve("fork"));
    Trees.write(fork, "fork.json", "{\"parent_run\":\"elsewhere\",\"parent_step\":512}");
    var published = publish(fork);
    assertThat(published.exitCode()).isZero();
    assertThat(published.err()).contains("its parent elsewhere at step 512 is not here");
    var parent = registry.catalogue.at("lab/runs/fork/segments/main").path("parents").path(0);
    assertThat(parent.path("external").asText()).isEqualTo("elsewhere at step 512");
  }

  @Test
  void continuesWithoutSendingAPartTwice() {
    var root = folder.resolve("r");
    Trees.write(root, "step1/model.safetensors", Trees.noise(1, 9500));
    var puts = new AtomicInteger();
    registry.fault =
        (method, path) ->
            path.startsWith("/store/put/") && puts.incrementAndGet() > 4
                ? Optional.of(501)
                : Optional.empty();
    assertThat(publish(root, "--jobs", 1).exitCode()).isEqualTo(ExitCode.FAILED);
    registry.fault = (method, path) -> Optional.empty();
    registry.requests.clear();
    var again = publish(root);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().count("partsAlreadyThere")).isEqualTo(4);
    assertThat(again.json().count("partsSent")).isEqualTo(6);
    assertThat(again.json().count("uploadsContinued")).isEqualTo(1);
    assertThat(again.json().count("bytesSent")).isEqualTo(5500);
    assertThat(registry.count("PUT /store/put/.*")).isEqualTo(6);
    assertThat(registry.count("POST /v1/uploads")).isZero();
  }

  @Test
  void sendsAPartAgainThatArrivedDamaged() {
    var root = folder.resolve("r");
    Trees.write(root, "step1/model.safetensors", Trees.noise(1, 2500));
    registry.fault =
        (method, path) -> path.endsWith("/complete") ? Optional.of(501) : Optional.empty();
    assertThat(publish(root).exitCode()).isEqualTo(ExitCode.FAILED);
    var upload = registry.allUploads().getFirst();
    upload.parts.put(1, Trees.noise(66, 1000));
    upload.parts.put(2, Trees.noise(1, 10));
    registry.fault = (method, path) -> Optional.empty();
    var again = publish(root);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().count("partsSent")).isEqualTo(2);
  }

  @Test
  void asksForAFreshAddressWhereOneHasExpired() {
    var root = folder.resolve("r");
    Trees.write(root, "step1/model.safetensors", Trees.noise(1, 2500));
    var puts = new AtomicInteger();
    registry.fault =
        (method, path) ->
            path.startsWith("/store/put/") && puts.incrementAndGet() == 2
                ? Optional.of(403)
                : Optional.empty();
    assertThat(publish(root).exitCode()).isZero();
    assertThat(registry.count("POST /v1/uploads/u0/parts")).isEqualTo(1);
  }

  @Test
  void beginsAgainWhereTheStoreHasForgotten() {
    var root = folder.resolve("r");
    Trees.write(root, "step1/model.safetensors", Trees.noise(1, 500));
    var puts = new AtomicInteger();
    registry.fault =
        (method, path) ->
            path.startsWith("/store/put/") && puts.incrementAndGet() == 1
                ? Optional.of(404)
                : Optional.empty();
    assertThat(publish(root).exitCode()).isZero();
    assertThat(registry.count("POST /v1/uploads")).isEqualTo(2);
  }

  @Test
  void survivesLostAnswers() {
    var root = Trees.run(folder.resolve("tiny"));
    var requests = new AtomicInteger();
    registry.fault =
        (method, path) -> requests.incrementAndGet() % 7 == 0 ? Optional.of(-1) : Optional.empty();
    var published = publish(root);
    assertThat(published.exitCode()).as(published.err()).isZero();
    registry.fault = (method, path) -> Optional.empty();
    assertThat(pull("lab/tiny", folder.resolve("out")).exitCode()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(root));
  }

  @Test
  void namesTheFileThatChanged() {
    var root = Trees.run(folder.resolve("tiny"));
    var file = root.resolve("checkpoints/step1/model.safetensors");
    registry.fault =
        (method, path) -> {
          if (method.equals("POST") && path.equals("/v1/projects")) {
            Trees.write(root, "checkpoints/step1/model.safetensors", Trees.noise(666, 2500));
          }
          return Optional.empty();
        };
    var published = publish(root);
    assertThat(published.exitCode()).isEqualTo(ExitCode.MISMATCH);
    assertThat(published.err())
        .contains(file + " changed while it was being published")
        .contains("lab/tiny@step1 is not sealed");
    assertThat(published.json().count("sealed")).isEqualTo(2);
    registry.fault = (method, path) -> Optional.empty();
    assertThat(publish(root).exitCode()).isZero();
    assertThat(pull("lab/tiny", folder.resolve("out")).exitCode()).isZero();
    assertThat(Trees.digests(folder.resolve("out"))).isEqualTo(Trees.digests(root));
  }

  @Test
  void publishesALogThatGrowsAsItWasAtFirst() {
    var root = Trees.run(folder.resolve("tiny"));
    registry.fault =
        (method, path) -> {
          if (method.equals("POST") && path.equals("/v1/projects")) {
            Trees.write(root, "metrics.csv", "step,tokens,loss\n1,192,6.2\nand more\n");
          }
          return Optional.empty();
        };
    var published = publish(root);
    assertThat(published.exitCode()).as(published.err()).isZero();
  }

  @Test
  void endsBeforeAnythingIsPublishedWhereAFileCannotBeRead() throws IOException {
    var root = Trees.run(folder.resolve("tiny"));
    Trees.write(folder, "secret", "key");
    Files.createSymbolicLink(root.resolve("checkpoints/step1/key"), folder.resolve("secret"));
    var refused = publish(root);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).contains("key is a link that leads out of");
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void tellsWrongCommandLinesApart() {
    var root = Trees.run(folder.resolve("tiny"));
    assertThat(Program.run("publish").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("publish", root, "--project", "a/b").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(publish(root, "--jobs", 0).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(publish(root, root).err()).contains("Two folders would become the run tiny");
    assertThat(publish(root, "--run", "other").exitCode()).isZero();
    assertThat(registry.catalogue.objects).containsKey("/v1/projects/lab/runs/other");
    var nobody = Program.run("publish", root, "--project", "lab", "--to", "http://127.0.0.1:1");
    assertThat(nobody.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(nobody.err()).doesNotContain("\tat ");
  }
}
