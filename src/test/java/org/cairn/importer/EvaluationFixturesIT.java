package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.cairn.testsupport.Suite;
import org.cairn.trajectory.EvaluationResults;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The evaluations that Pythia published say what is known of them. */
@Tag("conformance")
class EvaluationFixturesIT {

  private static Map<String, JsonNode> expected = Map.of();

  @BeforeAll
  static void read() throws IOException {
    var findings =
        new ObjectMapper().readTree(Suite.fixtures().resolve("expected_findings.json").toFile());
    expected =
        StreamSupport.stream(findings.spliterator(), false)
            .collect(Collectors.toMap(finding -> finding.path("id").asText(), finding -> finding));
  }

  private static List<EvaluationResults> files(String folder) throws IOException {
    var root = Suite.fixtures();
    var read = new ArrayList<EvaluationResults>();
    try (var files = Files.list(root.resolve(folder))) {
      for (var file : files.sorted().toList()) {
        read.add(LmEvalFile.read(root.relativize(file).toString(), Files.readAllBytes(file)));
      }
    }
    return read;
  }

  @Test
  void everyFileIsRead() throws IOException {
    int files = 0;
    try (var folders = Files.walk(Suite.fixtures().resolve("pythia/evals/pythia-v1"), 2)) {
      for (var folder : folders.filter(f -> f.getNameCount() > 0 && isOfFiles(f)).toList()) {
        for (var one : files(Suite.fixtures().relativize(folder).toString())) {
          files++;
          assertThat(one.run()).startsWith("EleutherAI/").contains("pythia-v1.1-");
          assertThat(one.source()).contains("_step" + one.step() + ".json");
          assertThat(one.setting()).isEqualTo("0-shot");
          assertThat(one.values()).hasSizeGreaterThan(20);
        }
      }
    }
    assertThat(files).isEqualTo(74);
  }

  private static boolean isOfFiles(Path folder) {
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".json"));
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theFirstUpdateOfPythiaChangesNothingSinceItsLearningRateIsZero() throws IOException {
    for (var checked :
        Objects.requireNonNull(expected.get("pythia-step0-equals-step1")).path("checked")) {
      var model = checked.get(0).asText();
      var results = files("pythia/evals/pythia-v1/" + model + "/zero-shot");
      var explained = EqualResults.ofRun(model, results, Set.of(0L));
      assertThat(explained)
          .singleElement()
          .satisfies(fault -> assertThat(fault.kind()).isEqualTo("duplicate-content-explained"))
          .satisfies(
              fault -> assertThat(fault.evidence().path("steps").toString()).isEqualTo("[0,1]"));
      assertThat(EqualResults.ofRun(model, results, Set.of()))
          .extracting(Fault::kind)
          .containsExactly("duplicate-results");
    }
  }

  @Test
  void oneModelHasTheResultsOfItsTwin() throws IOException {
    List<EvaluationResults> all;
    try (var bytes =
        Files.newInputStream(Suite.fixtures().resolve("pythia/derived/evals_long.csv"))) {
      all = EvaluationTable.read("evals_long.csv", bytes).results();
    }
    // 110 of the 8,631 rows are of steps that the longer of two interventions has once more.
    assertThat(all.stream().mapToInt(one -> one.values().size()).sum()).isEqualTo(8_521);
    var runs =
        all.stream()
            .collect(
                Collectors.groupingBy(EvaluationResults::run, TreeMap::new, Collectors.toList()));
    var found = new ArrayList<Fault>();
    var names = List.copyOf(runs.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        EqualResults.ofRuns(
                names.get(i),
                Objects.requireNonNull(runs.get(names.get(i))),
                names.get(j),
                Objects.requireNonNull(runs.get(names.get(j))))
            .ifPresent(found::add);
      }
    }
    assertThat(found)
        .extracting(Fault::subject)
        .containsExactly("runs pythia-2.8b and pythia-2.8b-deduped");
    var known = Objects.requireNonNull(expected.get("pythia-2.8b-evals-equal-deduped"));
    var equal = found.getFirst().evidence().path("equalValuesByStep");
    same(equal.path("zero-shot"), known.path("zero_shot_equal_metrics_by_step"));
    same(equal.path("five-shot"), known.path("five_shot"));
  }

  private static void same(JsonNode found, JsonNode known) {
    assertThat(
            found.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toString())))
        .isEqualTo(
            known.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toString())));
  }
}
