package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies in a folder comes back from the registry in the same places, byte by byte. */
class PublishLayoutsTest {

  @TempDir Path folder;
  private final FakeRegistry registry;

  PublishLayoutsTest() throws IOException {
    registry = new FakeRegistry();
    registry.catalogue.pageItems = 100;
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A folder, what of the registry it becomes, and the checkpoints that are found in it. */
  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of(
            "families of runs, several datasets, names that occur twice",
            "lab",
            List.of(
                "models/small/seed0/checkpoints/step10/model.safetensors",
                "models/small/seed0/checkpoints/step10/empty",
                "models/small/seed0/notes with spaces/größe.txt",
                "models/small/seed1/checkpoints/step10/model.safetensors",
                "models/large/seed0/checkpoints/step10/model.safetensors",
                "models/large/README.md",
                "datasets/one/part-0.jsonl",
                "datasets/two/part-0.parquet",
                "datasets/loose.txt",
                "data/order.npy",
                ".hidden/file",
                "README.md"),
            List.of("small-seed0@step10", "small-seed1@step10", "large-seed0@step10")),
        Arguments.of(
            "runs whose folders are called what no run may be",
            "lab",
            List.of("lr=0.1,seed=3/step1/model.pt", "runs -- old/x../step1/model.pt"),
            List.of("lr-0.1-seed-3@step1", "runs-old-x@step1")),
        Arguments.of(
            "a folder of runs",
            "lab",
            List.of(
                "a/checkpoint-5/pytorch_model.bin",
                "b/global_step1/mp_rank_00_model_states.pt",
                "notes.md"),
            List.of("a@checkpoint-5", "b@global_step1")),
        Arguments.of(
            "checkpoints that are files",
            "lab/suite",
            List.of(
                "checkpoints/step10.pt",
                "checkpoints/step10.json",
                "checkpoints/model_step20.safetensors",
                "checkpoints/optimizer_step20.safetensors",
                "checkpoints/epoch=3-step=30.ckpt",
                "checkpoints/step40.txt",
                "checkpoints/last.ckpt",
                "evals/step10.json",
                "config.yaml"),
            List.of("suite@step10", "suite@step20", "suite@step30")),
        Arguments.of(
            "files and a folder of one step",
            "lab/suite",
            List.of("step10/model.npy", "step10.pt", "step20.pt"),
            List.of("suite@step10", "suite@step20")),
        Arguments.of(
            "mere numbers among checkpoints",
            "lab/suite",
            List.of(
                "ckpts/1000/0_0.distcp",
                "ckpts/1000/.metadata",
                "ckpts/2000/0_0.distcp",
                "ckpts/latest",
                "train.jsonl",
                "7/not-a-checkpoint"),
            List.of("suite@1000", "suite@2000")),
        Arguments.of(
            "Megatron",
            "lab/suite",
            List.of(
                "iter_0000100/mp_rank_00/model_optim_rng.pt", "latest_checkpointed_iteration.txt"),
            List.of("suite@iter_0000100")),
        Arguments.of(
            "a trainer's output with resume points of DeepSpeed in it",
            "lab/suite",
            List.of(
                "checkpoint-500/model-00001-of-00002.safetensors",
                "checkpoint-500/model-00002-of-00002.safetensors",
                "checkpoint-500/model.safetensors.index.json",
                "checkpoint-500/global_step500/zero_pp_rank_0_mp_rank_00_optim_states.pt",
                "checkpoint-500/latest",
                "runs/Nov22/events.out.tfevents.1",
                "all_results.json"),
            List.of("suite@checkpoint-500")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void comesBackAsItWas(String what, String address, List<String> files, List<String> checkpoints) {
    var root = folder.resolve("suite");
    for (var file : files) {
      Trees.write(root, file, file.endsWith("empty") ? "" : "content of " + file);
    }
    var published = publish(root);
    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(published.json().count("sealed")).isEqualTo(checkpoints.size());
    for (var checkpoint : checkpoints) {
      registry.catalogue.at("lab/runs/" + checkpoint.replace("@", "/checkpoints/"));
    }

    var out = folder.resolve("out");
    var pulled = Program.run("pull", address, "--from", registry.url(), "--out", out);
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(Trees.digests(out)).isEqualTo(Trees.digests(root));
    var verified =
        Program.run("verify", out, "--against", address, "--from", registry.url(), "--strict");
    assertThat(verified.exitCode()).as(verified.out()).isZero();

    var again = publish(root);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().count("bytesSent")).isZero();
    assertThat(again.json().count("datasetVersionsCreated")).isZero();
  }

  @Test
  void followsLinksOutOfTheFolderWhereThatIsWanted() throws IOException {
    var blob = Trees.write(folder, "cache/blobs/abc", "weights");
    Trees.write(folder, "run/step1/config.json", "{}");
    Files.createSymbolicLink(folder.resolve("run/step1/model.safetensors"), blob);
    var refused = publish(folder.resolve("run"));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.json().texts("failures"))
        .first()
        .asString()
        .contains("model.safetensors is a link that leads out of", "--follow-links");
    assertThat(publish(folder.resolve("run"), "--follow-links").exitCode()).isZero();
    var out = folder.resolve("out");
    var pulled = Program.run("pull", "lab/run", "--from", registry.url(), "--out", out);
    assertThat(pulled.exitCode()).isZero();
    assertThat(out.resolve("step1/model.safetensors")).isRegularFile().hasContent("weights");
  }

  @Test
  void leavesOutWhatAnInterruptedPullHasLeft() {
    Trees.write(folder, "run/step1/model.pt", "weights");
    Trees.write(folder, "run/.cairn-pull/abc.part", "half");
    var published = publish(folder.resolve("run"));
    assertThat(published.exitCode()).isZero();
    assertThat(published.json().texts("warnings"))
        .anyMatch(warning -> warning.contains("belongs to a tool"));
    var out = folder.resolve("out");
    assertThat(Program.run("pull", "lab/run", "--from", registry.url(), "--out", out).exitCode())
        .isZero();
  }

  @Test
  void tellsOfACheckpointWithoutAFile() throws IOException {
    Trees.write(folder, "run/step1/model.pt", "weights");
    Files.createDirectories(folder.resolve("run/step2"));
    assertThat(publish(folder.resolve("run")).json().texts("warnings"))
        .anyMatch(warning -> warning.contains("no file is in it") && warning.contains("step2"));
  }

  @Test
  void saysNothingOfStateThatAnUnknownFileMayHold() {
    Trees.write(folder, "run/iter_1/model_optim_rng.pt", "all");
    Trees.write(folder, "run/iter_2/0_0.distcp", "all");
    assertThat(publish(folder.resolve("run")).exitCode()).isZero();
    assertThat(Json.text(components("iter_1"))).isEqualTo("{\"weights\":\"present\"}");
    assertThat(Json.text(components("iter_2"))).isEqualTo("{}");
  }

  @Test
  void publishesAFolderWithFactsThatTheRegistryDoesNotTake() {
    var root = Trees.run(folder.resolve("odd"));
    var refused = new HashSet<String>();
    registry.fault =
        (method, path) ->
            method.equals("POST")
                    && path.matches(".*/(runs|segments|configurations)")
                    && refused.add(path)
                ? Optional.of(400)
                : Optional.empty();
    var published = publish(root);
    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(refused).hasSize(3);
    assertThat(published.json().texts("warnings"))
        .filteredOn(warning -> warning.contains("without the details"))
        .hasSize(3);
    var out = folder.resolve("out");
    assertThat(Program.run("pull", "lab/odd", "--from", registry.url(), "--out", out).exitCode())
        .isZero();
    assertThat(Trees.digests(out)).isEqualTo(Trees.digests(root));
  }

  @Test
  void findsTheConfigurationUnderOtherNames() {
    Trees.write(folder, "run/step1/model.npy", "weights");
    Trees.write(folder, "run/train_config.json", "{\"seed\": 1}");
    assertThat(publish(folder.resolve("run")).exitCode()).isZero();
    assertThat(registry.catalogue.objects.entrySet())
        .filteredOn(entry -> entry.getKey().contains("/configurations/"))
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.getValue().path("rawMediaType").asText())
                .isEqualTo("application/json"));
  }

  @Test
  void takesAThousandCheckpoints() {
    registry.catalogue.pageItems = 2000;
    for (int step = 0; step < 1000; step++) {
      Trees.write(folder, "run/checkpoints/step" + step + "/model.npy", "weights of " + step);
    }
    var published = publish(folder.resolve("run"));
    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(published.json().count("sealed")).isEqualTo(1000);
    assertThat(registry.count("POST .*/checkpoints/bulk")).isEqualTo(2);
  }

  private com.fasterxml.jackson.databind.JsonNode components(String label) {
    return registry.catalogue.at("lab/runs/run/checkpoints/" + label).path("components");
  }

  private Program publish(Path root, Object... more) {
    var arguments = new ArrayList<Object>(List.of("publish", root, "--project", "lab"));
    arguments.addAll(List.of("--to", registry.url(), "--json"));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray());
  }
}
