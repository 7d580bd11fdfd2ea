package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRequestsTest {

  @TempDir Path folder;
  private final StringWriter warnings = new StringWriter();
  private final Console console =
      new Console(new PrintWriter(new StringWriter()), new PrintWriter(warnings), true, false);

  private RunFolder scan(Path path) {
    return new LayoutScan(console, false).scan(path).runs().getFirst();
  }

  private ObjectNode segment(RunFolder run) {
    var facts = RunFacts.read(run, console);
    return new RunRequests(run, facts)
        .segment(run.checkpoints().getFirst().name(), "id", null, null, null);
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** As it arrives: without the difference between 1 and 1L. */
  private static JsonNode again(JsonNode node) {
    return json(Json.text(node));
  }

  @Test
  void tellsWhatTheFolderTells() {
    var run = scan(Trees.run(folder.resolve("tiny")));
    var facts = RunFacts.read(run, console);
    var requests = new RunRequests(run, facts);
    assertThat(again(requests.run()))
        .isEqualTo(
            json(
                "{'name':'tiny','family':'tiny','axes':{'seed':7,'data-seed':8},'status':'finished',"
                    + "'checkpointSchedule':[{'explicit':[0,1,4]}],"
                    + "'metadata':{'publish':{'checkpoints':'checkpoints'}}}"));
    var code = Sha256.of(new byte[0]);
    var segment = requests.segment(run.checkpoints().getFirst().name(), "id", code, null, null);
    assertThat(segment.path("name").asText()).isEqualTo("main");
    assertThat(segment.path("endStep").asLong()).isEqualTo(4);
    assertThat(segment.has("startStep")).isFalse();
    assertThat(segment.path("worldSize").asLong()).isEqualTo(2);
    assertThat(again(segment.path("argv")))
        .isEqualTo(json("['python','train.py','--config','config.yaml']"));
    assertThat(again(segment.path("seeds"))).isEqualTo(json("{'seed':7,'data-seed':8}"));
    assertThat(again(segment.path("batchSchedule")))
        .isEqualTo(json("[{'fromStep':0,'sequencesPerStep':12,'sequenceLength':16}]"));
    assertThat(again(segment.path("environment")))
        .isEqualTo(
            json(
                "{'requirements':'torch==2.13.0\\n','versions':{'python':'3.11.7'},"
                    + "'python':'3.11.7'}"));
    assertThat(segment.path("code").path("commit").asText()).startsWith("a58b0a5c");
    assertThat(segment.path("code").path("files").path("train.py").asText()).isEqualTo(code.hex());
    var configuration = Objects.requireNonNull(requests.configuration(code));
    assertThat(configuration.path("resolved").path("seed").asInt()).isEqualTo(7);
    assertThat(configuration.path("raw").asText()).isEqualTo(code.hex());
    assertThat(warnings.toString()).isEmpty();
  }

  @Test
  void keepsGoingWithoutAnyMetadata() {
    Trees.write(folder, "hf/checkpoint-500/model.safetensors", "a");
    var run = scan(folder.resolve("hf"));
    var requests = new RunRequests(run, RunFacts.read(run, console));
    assertThat(again(requests.run()))
        .isEqualTo(json("{'name':'hf','metadata':{'publish':{'checkpoints':''}}}"));
    assertThat(again(segment(run))).isEqualTo(json("{'name':'main','configuration':'id'}"));
    assertThat((JsonNode) requests.configuration(null)).isNull();
    assertThat(warnings.toString()).contains("hf: no resolved_config.json");
  }

  @Test
  void inventsNothingFromOddMetadata() {
    var root = Trees.run(folder.resolve("odd"));
    Trees.write(
        root,
        "resolved_config.json",
        """
        {"config": {"train-iters": "many", "seq-length": 16.5, "seed": 1.5, "data-seed": true,
         "train_micro_batch_size_per_gpu": -2, "checkpoint-steps": ["x", -1, 3]},
         "derived": {"world_size": 0}, "suite": 7, "data": []}
        """);
    Trees.write(root, "hardware.json", "[1, 2]");
    Trees.write(root, "fork.json", "not JSON");
    Trees.write(root, "argv.txt", "python 'open");
    var run = scan(root);
    var segment = segment(run);
    for (var field : new String[] {"batchSchedule", "seeds", "hardware", "argv", "worldSize"}) {
      assertThat(segment.has(field)).as(field).isFalse();
    }
    var request = new RunRequests(run, RunFacts.read(run, console)).run();
    assertThat(request.has("family")).isFalse();
    assertThat(request.has("status")).isFalse();
    assertThat(again(request.path("checkpointSchedule"))).isEqualTo(json("[{'explicit':[3]}]"));
    assertThat(warnings.toString())
        .contains("fork.json is not JSON")
        .contains("hardware.json is not a JSON object")
        .contains("quote that is never closed")
        .contains("tokens unknown");
  }

  @Test
  void sharesTheBatchAmongModelParallelWorkers() {
    var root = Trees.run(folder.resolve("mp"));
    Trees.write(
        root,
        "resolved_config.json",
        """
        {"config": {"seq_length": 16, "train_micro_batch_size_per_gpu": 4,
         "gradient_accumulation_steps": 1, "pipe-parallel-size": 2, "model-parallel-size": 2},
         "derived": {"world_size": 8}}
        """);
    assertThat(segment(scan(root)).path("batchSchedule").path(0).path("sequencesPerStep").asInt())
        .isEqualTo(8);
  }

  @Test
  void saysWhichStateACheckpointHas() {
    var run = scan(Trees.run(folder.resolve("tiny")));
    var digests = Digests.of(run.checkpoints().getLast().files(), progress());
    var requests = new CheckpointRequests(RunFacts.read(run, console), new FileEntries(digests));
    var last = requests.checkpoint(run.checkpoints().getLast());
    assertThat(last.path("kind").asText()).isEqualTo("terminal");
    assertThat(last.path("step").asLong()).isEqualTo(4);
    assertThat(last.path("segment").asText()).isEqualTo("main");
    assertThat(again(last.path("components")))
        .isEqualTo(json("{'weights':'present','optimizer':'present','rng':'present'}"));
    assertThat(again(last.path("representations"))).isEqualTo(json("[{'format':'state'}]"));
    assertThat(last.path("files"))
        .filteredOn(file -> file.path("path").asText().startsWith("state/"))
        .hasSize(4)
        .allSatisfy(file -> assertThat(file.path("representation").asText()).isEqualTo("state"));
    var digestsOfFirst = Digests.of(run.checkpoints().getFirst().files(), progress());
    var first =
        new CheckpointRequests(RunFacts.read(run, console), new FileEntries(digestsOfFirst))
            .checkpoint(run.checkpoints().getFirst());
    assertThat(first.path("kind").asText()).isEqualTo("initial");
    assertThat(again(first.path("components")))
        .isEqualTo(
            json(
                "{'weights':'present','optimizer':'absent','scheduler':'absent',"
                    + "'rng':'absent','dataloader':'absent'}"));
    assertThat(first.has("representations")).isFalse();
  }

  private Progress progress() {
    return Progress.of(console, "Hashing", 1);
  }
}
