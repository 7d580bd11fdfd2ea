package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.SafetensorsEdit;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tensors of a whole suite, held against Python; and the faults of a suite that has some. */
@Tag("conformance")
class SuiteTensorsIT {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static @TempDir Path folder;
  private static CairnProcess registry;

  @BeforeAll
  static void start() {
    var data = folder.resolve("data").toString();
    registry = CairnProcess.start(folder, "serve", "--data", data, "--port", "0").awaitReady();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void everyTensorIsWhatPythonReadsAndNothingIsWrong() throws Exception {
    publish(Suite.glyph(), "glyph");
    var python =
        new ProcessBuilder(
                PeerProcess.locate("python", folder).toString(),
                "src/test/python/tensors.py",
                registry.url(),
                "glyph",
                Suite.glyph().toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
    var seen = JSON.readTree(said);
    assertThat(seen.path("checkpoints").asInt()).isEqualTo(250);
    assertThat(seen.path("tensors").asInt()).isGreaterThan(8_000);
    System.out.println("Against Python: " + said);
    for (var run : ask("/v1/projects/glyph/runs").path("items")) {
      assertThat(findings("glyph", run.path("name").asText())).isEmpty();
    }
  }

  /** The sharded checkpoints, merged into one file each: other layout, same weights. */
  @Test
  void shardedAndMergedHaveOneDigest() throws Exception {
    var sharded = copy("glyph-300k", "sharded", 0, 512);
    var merged = copy("glyph-300k", "merged", 0, 512);
    for (int step : new int[] {0, 512}) {
      SafetensorsEdit.merge(merged.resolve("checkpoints/step" + step));
    }
    publish(sharded, "layouts");
    publish(merged, "layouts");
    for (int step : new int[] {0, 512}) {
      var path = "/v1/projects/layouts/runs/%s/checkpoints/step" + step;
      assertThat(ask(path.formatted("merged")).path("weightsDigest").asText())
          .matches("[0-9a-f]{64}")
          .isEqualTo(ask(path.formatted("sharded")).path("weightsDigest").asText());
      assertThat(ask(path.formatted("merged")).path("fileCount").asInt())
          .isLessThan(ask(path.formatted("sharded")).path("fileCount").asInt());
    }
  }

  @Test
  void everyFaultIsFoundAndNoOther() throws Exception {
    int[] steps = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    var run = copy("glyph-60k-seed1", "faulty", steps);
    Path[] models = new Path[513];
    for (int step : steps) {
      models[step] = run.resolve("checkpoints/step%d/model.safetensors".formatted(step));
    }
    var dense = "gpt_neox.layers.1.attention.dense.weight";
    SafetensorsEdit.copyTensor(models[64], models[16], dense);
    Files.copy(models[2], models[4], StandardCopyOption.REPLACE_EXISTING);
    SafetensorsEdit.fill(models[32], "embed_out.weight", 7, new byte[] {0, 0x7e}); // NaN in F16
    var whole = Files.readAllBytes(models[128]);
    Files.write(models[128], Arrays.copyOf(whole, whole.length - 1));
    SafetensorsEdit.overlap(models[256]);
    publish(run, "faults");
    assertThat(findings("faults", "faulty"))
        .containsExactlyInAnyOrder(
            "tensors-equal-to-another-step checkpoint step64 and checkpoint step16",
            "weights-equal-at-different-steps step2 step4",
            "non-finite-weights checkpoint step32",
            "malformed-safetensors checkpoint step128 file model.safetensors",
            "malformed-safetensors checkpoint step256 file model.safetensors");

    var walked = copy("glyph-60k-seed2", "walked", WALKED);
    var early = walked.resolve("checkpoints/step220/model.safetensors");
    var late = walked.resolve("checkpoints/step1100/model.safetensors");
    var before = Files.copy(early, walked.resolve("before"));
    var swapped = "gpt_neox.layers.0.mlp.dense_h_to_4h.weight";
    SafetensorsEdit.copyTensor(early, late, swapped);
    SafetensorsEdit.copyTensor(late, before, swapped);
    Files.delete(before);
    var middle = walked.resolve("checkpoints/step550/model.safetensors");
    Files.copy(
        walked.resolve("checkpoints/step1320/model.safetensors"),
        middle,
        StandardCopyOption.REPLACE_EXISTING);
    for (var tensor : SafetensorsEdit.tensors(middle)) {
      SafetensorsEdit.flipLastBits(middle, tensor); // other digests, the same weights but for noise
    }
    publish(walked, "faults");
    assertThat(findings("faults", "walked"))
        .containsExactlyInAnyOrder(
            "trajectory-discontinuity checkpoint step220",
            "trajectory-discontinuity checkpoint step550",
            "trajectory-discontinuity checkpoint step1100");

    var shards = copy("glyph-300k", "shards", steps);
    var name = "model-00002-of-00002.safetensors";
    Files.copy(
        shards.resolve("checkpoints/step256/" + name),
        shards.resolve("checkpoints/step32/" + name),
        StandardCopyOption.REPLACE_EXISTING);
    publish(shards, "faults");
    assertThat(findings("faults", "shards"))
        .containsExactly("tensors-equal-to-another-step checkpoint step256 and checkpoint step32");
  }

  private static final int[] WALKED = {
    0, 8, 64, 110, 220, 330, 440, 550, 660, 770, 880, 990, 1100, 1210, 1320, 1430
  };

  /** A run of the suite with some of its checkpoints. */
  private static Path copy(String run, String name, int... steps) throws IOException {
    var from = Suite.glyph().resolve("runs/" + run);
    var to = folder.resolve("copies/" + name);
    for (int step : steps) {
      var checkpoint = "checkpoints/step" + step;
      Files.createDirectories(to.resolve(checkpoint));
      try (var files = Files.newDirectoryStream(from.resolve(checkpoint), Files::isRegularFile)) {
        for (var file : files) {
          Files.copy(file, to.resolve(checkpoint).resolve(file.getFileName()));
        }
      }
    }
    Files.copy(from.resolve("resolved_config.json"), to.resolve("resolved_config.json"));
    return to;
  }

  private static void publish(Path suite, String project) {
    try (var client =
        CairnProcess.start(
            folder, "publish", suite.toString(), "--project", project, "--to", registry.url())) {
      assertThat(client.awaitExit(LONG)).as(client.output()).isZero();
    }
    CairnProcess.await(
        "the examinations",
        LONG,
        () -> {
          // One question: between two a job may have changed its state.
          var jobs = ask("/v1/jobs?kind=examine-run&pageSize=500").path("items");
          return StreamSupport.stream(jobs.spliterator(), false)
              .noneMatch(job -> List.of("queued", "running").contains(job.path("state").asText()));
        });
  }

  private static List<String> findings(String project, String run) {
    var path = "/v1/projects/%s/runs/%s/findings?status=open&pageSize=500".formatted(project, run);
    var said = new ArrayList<String>();
    for (var finding : ask(path).path("items")) {
      var labels =
          StreamSupport.stream(finding.at("/evidence/checkpoints").spliterator(), false)
              .map(checkpoint -> checkpoint.path("label").asText())
              .toList();
      var subject = finding.path("subject").asText();
      said.add(
          finding.path("class").asText()
              + " "
              + (subject.startsWith("weights ") ? String.join(" ", labels) : subject));
    }
    return said;
  }

  private static JsonNode ask(String path) {
    var answer = CairnProcess.get(registry.url() + path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }
}
