package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.cairn.recipe.RawConfiguration;
import org.cairn.testsupport.Suite;
import org.cairn.trajectory.EvaluationResults;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The configurations and lineages of real releases have the faults that are known of them. */
@Tag("conformance")
class ConfigurationFixturesIT {

  private static final Map<String, TrainingSettings> CONFIGURATIONS = new TreeMap<>();
  private static final Map<String, String> UNPARSED = new TreeMap<>();
  private static final Map<String, JsonNode> EXPECTED = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    var root = Suite.fixtures();
    try (var files = Files.walk(root)) {
      for (var file : files.filter(f -> f.toString().matches(".*\\.ya?ml")).toList()) {
        var name = root.relativize(file).toString();
        var parsed = RawConfiguration.parse(Files.readAllBytes(file));
        if (parsed.resolved() == null) {
          UNPARSED.put(name, String.valueOf(parsed.parseError()));
        } else {
          CONFIGURATIONS.put(name, TrainingSettings.of(name, parsed.resolved()));
        }
      }
    }
    new ObjectMapper()
        .readTree(root.resolve("expected_findings.json").toFile())
        .forEach(finding -> EXPECTED.put(finding.path("id").asText(), finding));
  }

  private static JsonNode expected(String id) {
    return Objects.requireNonNull(EXPECTED.get(id), id);
  }

  private static TrainingSettings configuration(String name) {
    return Objects.requireNonNull(CONFIGURATIONS.get(name), name);
  }

  @Test
  void everyConfigurationIsOfAKnownDialect() {
    assertThat(CONFIGURATIONS.values())
        .hasSizeGreaterThan(20)
        .allSatisfy(one -> assertThat(one.dialect()).as(one.name()).isPresent());
    assertThat(UNPARSED).isEmpty();
  }

  @Test
  void settingsLeftToTheirDefaultAreTold() {
    var files = new TreeMap<String, Set<String>>();
    for (var configuration : CONFIGURATIONS.values()) {
      for (var fault : ConfigurationRules.unrecordedDefaults(configuration)) {
        files
            .computeIfAbsent(fault.evidence().path("setting").asText(), key -> new TreeSet<>())
            .add(configuration.name());
        if (fault.evidence().path("setting").asText().equals("seed")) {
          assertThat(fault.evidence().path("default").asInt())
              .isEqualTo(expected("pythia-seed-unrecorded").path("actual_default_seed").asInt());
        }
      }
    }
    var unset =
        StreamSupport.stream(expected("pythia-init-unset").path("files").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.toCollection(TreeSet::new));
    var pythia =
        CONFIGURATIONS.keySet().stream()
            .filter(name -> name.startsWith("pythia/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(files)
        .isEqualTo(Map.of("init_method", unset, "output_layer_init_method", unset, "seed", pythia));
  }

  @Test
  void aCardContradictsTheConfiguration() {
    var expected = expected("pythia-1b-config-vs-readme");
    var fault =
        ConfigurationRules.claims(
                configuration(expected.path("source").asText()),
                Map.of(
                    "learningRate", expected.path("readme_lr").asText(),
                    "precision", expected.path("readme_precision").asText().substring(0, 4)),
                "README.md")
            .orElseThrow();
    assertThat(fault.kind()).isEqualTo("config-effective-mismatch");
    var settings = fault.evidence().path("settings");
    assertThat(settings).hasSize(2);
    assertThat(settings.get(0).path("configured").asText())
        .isEqualTo(expected.path("yaml_lr").asText());
    assertThat(settings.get(0).path("claimed").asText())
        .isEqualTo(expected.path("readme_lr").asText());
    assertThat(settings.get(1).path("configured").asText()).isEqualTo("fp16");
    assertThat(settings.get(1).path("claimed").asText()).isEqualTo("bf16");
  }

  @Test
  void labelsAreOfAnotherBatchThanTheConfiguration() {
    var expected = expected("olmo-7b-batch-vs-labels");
    var labels = new ArrayList<String>();
    expected.path("labels").fieldNames().forEachRemaining(labels::add);
    var fault =
        ConfigurationRules.labels(configuration(expected.path("source").asText()), "", labels)
            .findFirst()
            .orElseThrow();
    assertThat(fault.kind()).isEqualTo("config-effective-mismatch");
    var evidence = fault.evidence();
    assertThat(evidence.path("tokensPerStep").asLong())
        .isEqualTo(expected.path("config_tokens_per_step").asLong());
    assertThat(evidence.path("impliedSequencesPerStep").asInt())
        .isEqualTo(expected.path("implied_sequences_per_batch").asInt());
    assertThat(evidence.path("labels")).hasSize(2);
    for (var label : evidence.path("labels")) {
      assertThat(billions(label.path("tokens")))
          .isEqualByComparingTo(
              expected.path("labels").path(label.path("label").asText()).decimalValue());
      assertThat(billions(label.path("impliedTokens")))
          .isEqualByComparingTo(
              expected.path("implied").path("step" + label.path("step").asText()).decimalValue());
    }
  }

  private static BigDecimal billions(JsonNode tokens) {
    return new BigDecimal(tokens.asText()).movePointLeft(9);
  }

  @Test
  void aParentIsNotListed() throws IOException {
    var expected = expected("olmo2-7b-final-missing");
    var references =
        CONFIGURATIONS.values().stream()
            .flatMap(one ->
                one.parent().stream().map(parent -> new ParentRules.Reference(one.name(), parent)))
            .toList();
    assertThat(references).hasSize(3);
    var root = Suite.fixtures();
    var faults = new ArrayList<Fault>();
    try (var files = Files.walk(root)) {
      for (var file : files.filter(f -> f.toString().matches(".*/OLMo-[^/]*\\.csv")).toList()) {
        try (var bytes = Files.newInputStream(file)) {
          var listing = CsvListing.read(root.relativize(file).toString(), bytes);
          faults.addAll(ParentRules.check(listing, references));
        }
      }
    }
    assertThat(faults).hasSize(1);
    var evidence = faults.getFirst().evidence();
    assertThat(evidence.path("file").asText()).isEqualTo(expected.path("source").asText());
    assertThat(evidence.path("referencedStep").asLong())
        .isEqualTo(expected.path("referenced_step").asLong());
    assertThat(evidence.path("present")).isEqualTo(expected.path("present"));
    assertThat(evidence.path("lastListed").asLong())
        .isEqualTo(expected.path("last_listed").asLong());
    assertThat(evidence.path("referencedBy"))
        .extracting(name -> name.asText().replaceAll(".*/", ""))
        .containsExactly(
            "OLMo2-7B-stage2-seed42.yaml",
            "OLMo2-7B-stage2-seed42069.yaml",
            "OLMo2-7B-stage2-seed666.yaml");
  }

  @Test
  void twoPartsOfAStageDoNotMeet() throws IOException {
    var expected = expected("olmo3-7b-segment-boundary");
    var faults = new ArrayList<Fault>();
    for (var name :
        List.of(expected.path("source").asText(), "olmo/derived/olmo2_lineage_facts.json")) {
      faults.addAll(
          SegmentBorders.check(
              Lineage.read(name, Files.readAllBytes(Suite.fixtures().resolve(name)))));
    }
    assertThat(faults).hasSize(1);
    var evidence = faults.getFirst().evidence();
    assertThat(faults.getFirst().kind()).isEqualTo("segment-boundary-mismatch");
    assertThat(evidence.path("lastStep").asLong())
        .isEqualTo(expected.path("part1_hard_stop").asLong());
    assertThat(evidence.path("startsFrom")).isEqualTo(expected.path("part2_load"));
  }

  @Test
  void labelsAreRoundedByTwoRules() throws IOException {
    var name = "olmo/derived/olmo2_lineage_facts.json";
    var lineage = Lineage.read(name, Files.readAllBytes(Suite.fixtures().resolve(name)));
    var runs = lineage.launches().stream().map(Lineage.Launch::run).distinct().toList();
    assertThat(runs).containsExactly("OLMo2-1B", "OLMo2-7B", "OLMo2-13B");
    assertThat(runs)
        .filteredOn(run -> LabelRounding.check(run, lineage.labels(run)).isPresent())
        .as("4000.02 B and 50.02 B are 4001B and 51B, but 3895.02 B and 50.04 B 3896B and 50B")
        .containsExactly("OLMo2-7B", "OLMo2-13B");
  }

  @Test
  void configurationsNameFilesOfOneMachine() {
    assertThat(CONFIGURATIONS.values())
        .filteredOn(one -> PrivateAddresses.check(one).isPresent())
        .extracting(TrainingSettings::name)
        .allMatch(name -> name.startsWith("pythia/"))
        .hasSizeGreaterThan(10);
  }

  @Test
  void theArmsOfAnExperimentAreEvaluatedInOtherBatches() throws IOException {
    var evaluations = new ArrayList<EvaluationResults>();
    var folder = Suite.fixtures().resolve("pythia/evals/pythia-v1/pythia-410m-deduped");
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        evaluations.add(LmEvalFile.read(file.toString(), Files.readAllBytes(file)));
      }
    }
    var sizes =
        EvaluationArms.check("pythia-410m-deduped", evaluations)
            .getFirst()
            .evidence()
            .path("batchSizes");
    assertThat(sizes)
        .extracting(one -> one.path("batchSize").asInt(), one -> one.path("evaluations").asInt())
        .containsExactly(tuple(16, 9), tuple(4, 11));
    var intervention =
        sizes.get(1).path("stepsByRun").path("EleutherAI/intervention-pythia-v1.1-410m-deduped");
    assertThat(intervention).extracting(JsonNode::asInt).containsExactly(141_000);
  }

  @Test
  void onePhaseOfMarinHasOtherTokensThanItsCard() throws IOException {
    var name = "marin/derived/marin_8b_phases.json";
    var file = Files.readAllBytes(Suite.fixtures().resolve(name));
    var phases = Phases.read(name, file);
    for (var phase : new ObjectMapper().readTree(file).path("phases")) {
      assertThat(phases.schedule().tokens(phase.path("handoff_step_next").asLong()))
          .isEqualTo(phase.path("tokens_at_handoff").asLong());
    }
    assertThat(phases.check())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.subject()).isEqualTo("phase ocelot");
          assertThat(fault.evidence().path("tokensOfSchedule").asLong())
              .isEqualTo(3_754_430_562_304L);
          assertThat(fault.evidence().path("claimedTokens").asLong()).isEqualTo(3_780_000_000_000L);
        });
  }

  @Test
  void branchesOfOneContentAreTold() throws IOException {
    var expected = expected("pythia-2.8b-duplicate-branches");
    var file = expected.path("source").asText();
    try (var bytes = Files.newInputStream(Suite.fixtures().resolve(file))) {
      var faults = EqualContents.check(file, ContentListing.read(bytes), Set.of(0L));
      assertThat(faults)
          .extracting(Fault::kind, fault -> fault.evidence().path("checkpoints").asInt())
          .containsExactlyInAnyOrder(
              tuple("duplicate-content", expected.at("/groups/A").asInt()),
              tuple("duplicate-content", expected.at("/groups/B").asInt()));
      assertThat(faults)
          .allSatisfy(fault ->
              assertThat(fault.evidence().path("withoutDigest").asInt())
                  .isEqualTo(expected.at("/groups/u").asInt()));
    }
  }
}
