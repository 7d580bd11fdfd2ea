package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.cairn.recipe.RawConfiguration;
import org.cairn.trajectory.EvaluationResults;
import org.junit.jupiter.api.Test;

class ConfigurationRulesTest {

  private static final String NEOX =
      """
      {"train-iters": 100, "train_micro_batch_size_per_gpu": 8, "seq-length": 2048,
       "init_method": "small_init",
       "optimizer": {"type": "Adam", "params": {"lr": 0.00025}},
       "fp16": {"enabled": true}}
      """;

  private static final String OLMO =
      """
      seed: 1
      global_train_batch_size: 2048
      load_path: https://host/run/step10-unsharded/
      precision: amp_bf16
      model: {max_sequence_length: 2048, init_fn: normal}
      optimizer: {learning_rate: 3e-4}
      """;

  private static TrainingSettings settings(String text) {
    return TrainingSettings.of(
        "c.yml", Objects.requireNonNull(RawConfiguration.parse(text.getBytes(UTF_8)).resolved()));
  }

  @Test
  void settingsThatTheProgramFillsInAreTold() {
    assertThat(ConfigurationRules.unrecordedDefaults(settings(NEOX)))
        .extracting(Fault::kind, fault -> fault.evidence().path("setting").asText())
        .containsExactly(
            tuple("config-default-unrecorded", "output_layer_init_method"),
            tuple("config-default-unrecorded", "seed"));
    assertThat(ConfigurationRules.unrecordedDefaults(settings(OLMO))).isEmpty();
    assertThat(ConfigurationRules.unrecordedDefaults(settings("a: 1")))
        .as("nobody knows what another program fills in")
        .isEmpty();
  }

  @Test
  void claimsAreComparedByValue() {
    assertThat(
            ConfigurationRules.claims(
                settings(OLMO), Map.of("learningRate", "0.0003", "precision", "bf16"), "card"))
        .isEmpty();
    var fault =
        ConfigurationRules.claims(
                settings(NEOX), Map.of("learningRate", "3.0e-4", "precision", "bf16"), "card")
            .orElseThrow();
    assertThat(fault.evidence().path("settings").toString())
        .isEqualTo(
            """
            [{"setting":"learningRate","configured":"0.00025","claimed":"3.0e-4"},\
            {"setting":"precision","configured":"fp16","claimed":"bf16"}]\
            """);
  }

  @Test
  void labelsThatFollowFromTheBatchAreRight() {
    // 100 steps of 4,194,304 tokens are 0.4194304 B.
    assertThat(labels(OLMO, List.of("step100-tokens1B", "main"))).isEmpty();
    assertThat(labels(OLMO, List.of("step100000-tokens420B"))).isEmpty();
    assertThat(labels(OLMO, List.of("step100000-tokens419B"))).isEmpty();
    assertThat(labels(OLMO, List.of("step100000-tokens400B"))).hasSize(1);
    assertThat(labels(NEOX, List.of("step100000-tokens400B")))
        .as("the batch depends on the number of devices")
        .isEmpty();
  }

  private static List<Fault> labels(String configuration, List<String> labels) {
    return ConfigurationRules.labels(settings(configuration), "", labels).toList();
  }

  @Test
  void labelsBeyondAllCountsAreWrongAndNoMore() {
    assertThat(labels(OLMO, List.of("step999999999999-tokens9000T"))).hasSize(1);
  }

  @Test
  void spoiltBytesAreReadOrRefused() {
    var random = new Random(7);
    var lineage = "{\"runs\": [{\"run\": \"m/stage1\", \"load_path\": \"h/step1\"}]}";
    for (int i = 0; i < 2_000; i++) {
      var text = List.of(NEOX, OLMO, lineage, "model,revision,sha256\nm,step1,ab\n").get(i % 4);
      var bytes = text.getBytes(UTF_8);
      for (int k = 0; k <= i % 5; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var parsed = RawConfiguration.parse(bytes).resolved();
      if (parsed != null) {
        var settings = TrainingSettings.of("c", parsed);
        assertThat(ConfigurationRules.unrecordedDefaults(settings)).isNotNull();
        assertThat(ConfigurationRules.labels(settings, "", List.of("step10-tokens4B")).toList())
            .isNotNull();
      }
      try {
        assertThat(SegmentBorders.check(Lineage.read("l", bytes))).isEmpty();
      } catch (UnreadableListingException e) {
        assertThat(e).hasMessageMatching("(is|has|runs).*");
      }
      try {
        assertThat(
                EqualContents.check(
                    "f", ContentListing.read(new ByteArrayInputStream(bytes)), Set.of()))
            .isEmpty();
      } catch (IOException | UnreadableListingException e) {
        assertThat(e).hasMessageStartingWith("has");
      }
    }
  }

  @Test
  void parentsAreLookedForWhereTheyWouldLie() throws IOException {
    var listing =
        CsvListing.read(
            "run.csv",
            bytes(
                "Step,Checkpoint Directory\n10,https://host/run/step10/\n20,https://host/run/step20/\n"));
    assertThat(
            ParentRules.check(
                listing,
                List.of(new ParentRules.Reference("a", "https://host/run/step10-unsharded"))))
        .isEmpty();
    assertThat(
            ParentRules.check(
                listing, List.of(new ParentRules.Reference("a", "https://host/other/step11"))))
        .as("another run's")
        .isEmpty();
    var faults =
        ParentRules.check(
            listing,
            List.of(
                new ParentRules.Reference("b", "https://host/run/step25"),
                new ParentRules.Reference("a", "https://host/run/step25")));
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().evidence().toString())
        .isEqualTo(
            """
            {"file":"run.csv","referencedStep":25,"address":"https://host/run/step25",\
            "present":false,"lastListed":20,"referencedBy":["a","b"]}\
            """);
  }

  @Test
  void parentsThatNobodyCanGetAreTold() {
    var faults =
        ParentRules.unreachable(
            List.of(
                new ParentRules.Reference("a", "/weka/team/run/step10/"),
                new ParentRules.Reference("b", "gs://bucket/run/step20"),
                new ParentRules.Reference("c", "gs://bucket/run/step20"),
                new ParentRules.Reference("d", "https://host/run/step30"),
                new ParentRules.Reference("e", "/fsx/checkpoints")));
    assertThat(faults)
        .extracting(Fault::subject)
        .containsExactly("parent /weka/team/run/step10/", "parent gs://bucket/run/step20");
    assertThat(faults.getLast().evidence().toString())
        .isEqualTo(
            """
            {"address":"gs://bucket/run/step20","reason":"its scheme, gs, is none of the web",\
            "referencedBy":["b","c"]}\
            """);
  }

  @Test
  void labelsOfAnotherStageAreOfAnotherBatch() {
    var settings = settings("global_train_batch_size: 1\nmodel: {max_sequence_length: 1000500}");
    var labels = List.of("stage1-step3000-tokens3B", "stage2-step1000-tokens9B");
    assertThat(ConfigurationRules.labels(settings, "c.yml", labels)).isEmpty();
    assertThat(ConfigurationRules.labels(settings, "m-stage2.yml", labels))
        .extracting(Fault::kind)
        .containsExactly("config-effective-mismatch");
    assertThat(
            ConfigurationRules.labels(
                settings, "", List.of("step3000-tokens3B", "step1000-tokens2B")))
        .extracting(Fault::kind)
        .containsExactly("label-rounding-inconsistent");
  }

  @Test
  void launchesMeetWhereTheOneBeforeEnded() {
    assertThat(SegmentBorders.check(lineage("step7"))).isEmpty();
    var faults = SegmentBorders.check(lineage("step6"));
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().subject()).isEqualTo("segments m/stage1-part1 and m/stage1-part2");
    assertThat(faults.getFirst().evidence().path("stepsBetween").asInt()).isEqualTo(-1);
  }

  /** Two parts of a first stage, and two branches of the second that begin where it ends. */
  private static Lineage lineage(String second) {
    return Lineage.read(
        "lineage.json",
        """
        {"runs": [
          {"run": "m/stage1-part1", "hard_stop_step": 7},
          {"run": "m/stage1-part2", "stop_at": 20, "load_trainer_state": true,
           "load_path": "https://host/m/%s/"},
          {"run": "m/stage2-ingredient1", "stop_at": 5, "load_path": "https://host/m/step20/"},
          {"run": "m/stage2-ingredient2", "stop_at": 5, "load_path": "https://host/m/step20/"}
        ]}
        """
            .formatted(second)
            .getBytes(UTF_8));
  }

  @Test
  void labelsOfOneReleaseAreRoundedByOneRule() {
    // 1,000 steps of 1,000,500 tokens are 1.0005 B.
    assertThat(rounding("step1000-tokens2B", "step3000-tokens4B")).isEmpty();
    assertThat(rounding("step1000-tokens1B", "step3000-tokens3B")).isEmpty();
    assertThat(rounding("step1000-tokens1B", "step3000-tokens9B"))
        .as("wrong by every rule: another finding")
        .isEmpty();
    assertThat(
            rounding("step1000-tokens2B", "step3000-tokens3B").orElseThrow().evidence().toString())
        .isEqualTo(
            """
            {"rules":[{"rounding":["ceiling"],"labels":1,"example":"step1000-tokens2B",\
            "tokensOfExample":1000500000},{"rounding":["floor","nearest"],"labels":1,\
            "example":"step3000-tokens3B","tokensOfExample":3001500000}]}\
            """);
  }

  private static Optional<Fault> rounding(String... labels) {
    return LabelRounding.check(
        "m",
        Stream.of(labels)
            .map(label ->
                LabelRounding.Exact.of(BatchClaims.claim(label).orElseThrow(), 1_000_500)
                    .orElseThrow())
            .toList());
  }

  @Test
  void addressesOfOneMachineAreTold() throws IOException {
    for (var address :
        List.of(
            "/fsx/pile/20B_tokenizer.json",
            "~/runs/a",
            "file:///a/b",
            "C:\\runs\\a",
            "http://localhost:8080/x",
            "https://10.1.2.3/x",
            "https://user@172.20.0.1/x",
            "http://[::1]:9000/x",
            "http://store.internal/bucket")) {
      assertThat(PrivateAddresses.isPrivate(address)).as(address).isTrue();
    }
    for (var address :
        List.of(
            "https://olmo-checkpoints.org/ai2-llm/peteish7/step1/",
            "https://localhost.example.org/x",
            "https://100.1.2.3/10.0.0.1",
            "https://172.32.0.1/",
            "EleutherAI/pythia-70m",
            "s3://bucket/run/step1",
            "/",
            "and/or")) {
      assertThat(PrivateAddresses.isPrivate(address)).as(address).isFalse();
    }
    var listing = CsvListing.read("l.csv", bytes("Step,Checkpoint Directory\n1,/data/run/step1\n"));
    assertThat(ListingRules.check(listing)).extracting(Fault::kind).contains("private-address");
    var fault = PrivateAddresses.check(settings("data: {paths: [/a/b, c, /a/b]}")).orElseThrow();
    assertThat(fault.evidence().toString())
        .isEqualTo(
            """
            {"file":"c.yml","addresses":1,"shown":[{"address":"/a/b","where":["data.paths"]}]}\
            """);
  }

  @Test
  void averagesAreRecognised() throws IOException {
    var listing =
        CsvListing.read(
            "l.csv",
            bytes(
                """
                Step,Checkpoint Directory
                10,https://host/run/step10/
                20,https://host/run/step20/
                30,https://host/run/step30+20+15/
                """));
    var fault =
        ListingRules.check(listing).stream()
            .filter(one -> one.kind().equals("merged-checkpoint"))
            .findFirst()
            .orElseThrow();
    assertThat(fault.evidence().path("rows").toString())
        .isEqualTo(
            """
            [{"line":4,"step":30,"address":"https://host/run/step30+20+15/",\
            "mergedSteps":[30,20,15],"notListed":[30,15]}]\
            """);
  }

  @Test
  void comparedEvaluationsHaveOneBatchSize() {
    var small = new EvaluationResults("a", "control", 10, "0-shot", "4", new LinkedHashMap<>());
    var large = new EvaluationResults("b", "treated", 10, "0-shot", "16", new LinkedHashMap<>());
    var silent = new EvaluationResults("c", "treated", 20, "0-shot", null, new LinkedHashMap<>());
    var harder = new EvaluationResults("d", "control", 10, "5-shot", "1", new LinkedHashMap<>());
    assertThat(EvaluationArms.check("m", List.of(small, silent, harder))).isEmpty();
    assertThat(
            EvaluationArms.check("m", List.of(small, large, silent, harder))
                .getFirst()
                .evidence()
                .toString())
        .isEqualTo(
            """
            {"setting":"0-shot","batchSizes":[{"batchSize":"16","evaluations":1,"stepsByRun":{"treated":[10]}},\
            {"batchSize":"4","evaluations":1,"stepsByRun":{"control":[10]}}]}\
            """);
  }

  @Test
  void whatIsNoLineageIsRefused() {
    for (var text : List.of("", "[]", "{\"runs\": [{}]}", "{\"runs\": 1}", "\u0000")) {
      assertThatThrownBy(() -> Lineage.read("l", text.getBytes(UTF_8)))
          .isInstanceOf(UnreadableListingException.class);
    }
  }

  @Test
  void stepsOfEqualContentAreTold() throws IOException {
    var listed =
        ContentListing.read(
            bytes(
                """
                model,revision,sha256
                m,main,0123456789abcdef00
                m,step0,aaaaaaaaaaaaaaaa00
                m,step1,aaaaaaaaaaaaaaaa00
                m,step2,bbbbbbbbbbbbbbbb00
                m,step3,cccccccccccccccc00
                m,step4,bbbbbbbbbbbbbbbb00
                n,step5,bbbbbbbbbbbbbbbb00
                m,step6,no digest
                """));
    assertThat(EqualContents.check("f.csv", listed, Set.of(0L)))
        .extracting(Fault::kind, fault -> fault.evidence().path("steps").toString())
        .containsExactlyInAnyOrder(
            tuple("duplicate-content-explained", "[0,1]"), tuple("duplicate-content", "[2,4]"));
    assertThatThrownBy(() -> ContentListing.read(bytes("revision,size\n")))
        .isInstanceOf(UnreadableListingException.class);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
