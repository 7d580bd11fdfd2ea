package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In what runs of public releases differ, by the configurations that were published. */
@Tag("conformance")
class ReleaseDiffIT {

  private static @TempDir Path folder;
  private static CairnProcess registry;

  @BeforeAll
  static void start() {
    var data = folder.resolve("data").toString();
    registry = CairnProcess.start(folder, "serve", "--data", data, "--port", "0").awaitReady();
    RestAssured.port = URI.create(registry.url()).getPort();
    for (var project : new String[] {"allenai", "EleutherAI"}) {
      Given.post("/v1/projects", "{\"name\":\"" + project + "\"}").statusCode(201);
    }
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  /** A run of one segment with the configuration in a file. */
  private static void run(String project, String name, String axis, String value, String file)
      throws IOException, InterruptedException {
    var path = Suite.fixtures().resolve(file);
    String configuration =
        Given.post(
                "/v1/projects/" + project + "/configurations",
                "{\"name\":\"%s\",\"raw\":\"%s\"}"
                    .formatted(path.getFileName(), Given.artifact(Files.readAllBytes(path))))
            .statusCode(201)
            .extract()
            .path("id");
    var run = Given.run(project, name, "\"axes\":{\"%s\":\"%s\"}".formatted(axis, value));
    Given.post(
            run + "/segments",
            "{\"name\":\"main\",\"configuration\":\"%s\"}".formatted(configuration))
        .statusCode(201);
  }

  private static JsonNode diff(String left, String right) {
    return Program.run("diff", left, right, "--from", registry.url(), "--json").json().node();
  }

  @Test
  void theSecondStagesOfOlmo2DifferOnlyByTheirSeeds() throws Exception {
    for (var seed : new String[] {"42", "42069", "666"}) {
      run(
          "allenai",
          "OLMo2-7B-stage2-seed" + seed,
          "seed",
          seed,
          "olmo/head/configs/official-1124/OLMo2-7B-stage2-seed" + seed + ".yaml");
    }
    for (var other : new String[] {"42069", "666"}) {
      var diff = diff("allenai/OLMo2-7B-stage2-seed42", "allenai/OLMo2-7B-stage2-seed" + other);
      assertThat(diff.path("verdict").asText()).isEqualTo("as-declared");
      assertThat(diff.path("differences").valueStream().map(d -> d.path("key").asText()))
          .containsExactly("run_name", "seed");
    }
  }

  @Test
  void pythiaAndItsDedupedTwinDifferOnlyByTheirData() throws Exception {
    run("EleutherAI", "pythia-160m", "data", "pile", "pythia/models/160M/pythia-160m.yml");
    run(
        "EleutherAI",
        "pythia-160m-deduped",
        "data",
        "pile-deduped",
        "pythia/models/160M/pythia-160m-deduped.yml");
    run("EleutherAI", "pythia-410m", "size", "410m", "pythia/models/410M/pythia-410m.yml");
    var diff = diff("EleutherAI/pythia-160m", "EleutherAI/pythia-160m-deduped");
    assertThat(diff.path("verdict").asText()).isEqualTo("as-declared");
    assertThat(diff.path("factors").valueStream().map(f -> f.path("name").asText()))
        .containsExactly("data", "evaluation");
    var sizes = diff("EleutherAI/pythia-160m", "EleutherAI/pythia-410m");
    assertThat(sizes.path("verdict").asText()).isEqualTo("not-as-declared");
    System.out.println("By size: " + sizes.path("factors"));
  }

  @Test
  void theInterventionOfPythiaWasEvaluatedWithOtherBatches() throws Exception {
    for (var arm : new String[] {"baseline", "intervention"}) {
      evaluations("pythia/evals/pythia-v1/pythia-410m-deduped/" + arm, "410m-deduped-" + arm);
    }
    var left = "EleutherAI/410m-deduped-baseline";
    var right = "EleutherAI/410m-deduped-intervention";
    var diff = diff(left, right);
    assertThat(diff.path("differences")).hasSize(1);
    var batches = diff.at("/differences/0");
    assertThat(batches.path("aspect").asText()).isEqualTo("evaluation");
    assertThat(batches.path("key").asText()).isEqualTo("0-shot.batchSize");
    var steps = "[134000,135000,136000,137000,138000,139000,140000,142000,143000]"; // but 141000
    assertThat(batches.path("left")).hasToString("[{\"batchSize\":\"4\",\"steps\":" + steps + "}]");
    assertThat(batches.path("right"))
        .hasToString("[{\"batchSize\":\"16\",\"steps\":" + steps + "}]");
    assertThat(diff.at("/factors/0/name").asText()).isEqualTo("evaluation");
    assertThat(diff.at("/factors/0/declared").asBoolean(true)).isFalse();
    assertThat(Program.run("diff", left, right, "--from", registry.url()).out())
        .contains(
            "4 at 134000, 135000, 136000 and 6 more",
            "16 at 134000, 135000, 136000 and 6 more",
            "which is not declared");
  }

  private static void evaluations(String folder, String run) throws IOException {
    try (var files = Files.list(Suite.fixtures().resolve(folder))) {
      var imported =
          Program.run(
              Stream.of(
                      Stream.of("import", "evaluation"),
                      files.map(Path::toString).sorted(),
                      Stream.of("--project=EleutherAI", "--run=" + run, "--to=" + registry.url()))
                  .flatMap(words -> words)
                  .toArray());
      assertThat(imported.exitCode()).as(imported.err()).isZero();
    }
  }
}
