package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What real releases say of themselves, imported as a user does: what is known of them is found.
 */
@Tag("conformance")
class ImportFixturesIT {

  private static @TempDir Path folder;
  private static CairnProcess registry;
  private static final List<JsonNode> FOUND = new ArrayList<>();
  private static final Map<String, JsonNode> EXPECTED = new HashMap<>();

  /** Form, what files, and further options; in this order. */
  private static final List<List<String>> IMPORTS =
      List.of(
          List.of("manifest", "olmo/v0.5.1/checkpoints/official/OLMo-*.csv"),
          List.of("manifest", "olmo/head/configs/official-*/OLMo-*.csv"),
          List.of("manifest", "olmo-core/src/scripts/official/OLMo3/OLMo-*.csv"),
          List.of("config", "olmo/head/configs/official-1124/OLMo2-*.yaml"),
          List.of(
              "config",
              "olmo/head/configs/official-0724/OLMo-7B.yaml",
              "--run=OLMo-7B",
              "--label=step556000-tokens2460B",
              "--label=step452000-tokens2000B"),
          List.of("launches", "olmo-core/derived/lineage_facts.json"),
          List.of("launches", "olmo/derived/olmo2_lineage_facts.json"),
          List.of("config", "pythia/models/*/*.yml"),
          List.of(
              "config",
              "pythia/models/1B/pythia-1b.yml",
              "--claim=learningRate=3.0e-4",
              "--claim=precision=bf16",
              "--claimed-in=README.md"),
          List.of("listing", "pythia/derived/checkpoint_schedule.json", "--run=pythia-70m"),
          List.of(
              "evaluation",
              "pythia/evals/pythia-v1/pythia-70m/zero-shot/*.json",
              "--run=pythia-70m"),
          List.of(
              "evaluation",
              "pythia/evals/pythia-v1/pythia-160m/zero-shot/*.json",
              "--run=pythia-160m"),
          List.of("evaluation", "pythia/derived/evals_long.csv"),
          List.of("digests", "pythia/derived/pythia-2.8b_branch_content_groups.csv"),
          List.of("manifest", "multiberts/derived/checkpoints.csv", "--run=multiberts"),
          List.of("phases", "marin/derived/marin_8b_phases.json"));

  @BeforeAll
  static void importEverything() throws IOException {
    var data = folder.resolve("data").toString();
    registry = CairnProcess.start(folder, "serve", "--data", data, "--port", "0").awaitReady();
    for (var one : IMPORTS) {
      imported(one).path("findingList").forEach(FOUND::add);
    }
    new ObjectMapper()
        .readTree(Suite.fixtures().resolve("expected_findings.json").toFile())
        .forEach(finding -> EXPECTED.put(finding.path("id").asText(), finding));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static JsonNode imported(List<String> one) throws IOException {
    var root = Suite.fixtures();
    var glob = FileSystems.getDefault().getPathMatcher("glob:" + one.get(1));
    List<String> files;
    try (var all = Files.walk(root)) {
      files =
          all.filter(file -> glob.matches(root.relativize(file)))
              .map(Path::toString)
              .sorted()
              .toList();
    }
    assertThat(files).as(one.get(1)).isNotEmpty();
    var arguments =
        Stream.of(
                List.of("import", one.getFirst()),
                files,
                one.subList(2, one.size()),
                List.of("--project=fixtures", "--json", "--to=" + registry.url()))
            .flatMap(List::stream)
            .toArray();
    return Program.run(arguments).json().node();
  }

  private static JsonNode expected(String id) {
    return Objects.requireNonNull(EXPECTED.get(id), id);
  }

  private static List<JsonNode> found(String kind) {
    return FOUND.stream().filter(one -> one.path("class").asText().equals(kind)).toList();
  }

  private static JsonNode only(String kind) {
    assertThat(found(kind)).as(kind).hasSize(1);
    return found(kind).getFirst();
  }

  @Test
  void everyManifestHasTheFaultsThatAreKnown() {
    assertThat(only("step-uri-mismatch").at("/evidence/rows/0/address").asText())
        .isEqualTo(expected("olmo2-13b-stage2-step-vs-uri").at("/rows/0/2").asText());
    var duplicates = only("duplicate-entry").path("evidence");
    assertThat(duplicates.path("rows"))
        .isEqualTo(expected("olmo2-13b-duplicate-rows").path("rows"));
    assertThat(duplicates.path("duplicates").valueStream().map(d -> d.path("step")))
        .containsExactlyElementsOf(expected("olmo2-13b-duplicate-rows").path("duplicated_steps"));
    assertThat(only("schedule-gap").at("/evidence/largestGap"))
        .isEqualTo(expected("olmo-1b-gap").path("largest_gap"));
    var stages = only("tokens-inconsistent").at("/evidence/stages");
    var known = expected("olmo3-7b-tokens-off-by-1000-steps").path("stages");
    assertThat(stages).hasSameSizeAs(known);
    for (int i = 0; i < known.size(); i++) {
      assertThat(stages.get(i).at("/errors/0/tokens").asLong())
          .isEqualTo(known.get(i).at("/constant_error_tokens/0").asLong());
      assertThat(stages.get(i).at("/errors/0/steps").asLong())
          .isEqualTo(known.get(i).at("/error_steps/0").asLong());
    }
    assertThat(only("stage-name-irregular").at("/evidence/stages"))
        .isEqualTo(expected("olmo3-7b-stage-name-spelling").path("stages"));
    var segments = expected("olmo-7b-run-segments");
    assertThat(found("run-segments"))
        .filteredOn(one -> one.path("subject").asText().contains("official-0724/OLMo-7B-0724.csv"))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.at("/evidence/segments")).isEqualTo(segments.path("segments"));
          assertThat(one.at("/evidence/sameStepTwoSegments"))
              .isEqualTo(segments.path("same_step_two_segments"));
        });
  }

  @Test
  void aManifestOfAnotherRunIsKnownByWhatTheCatalogueHas() {
    var evidence = only("wrong-run-manifest").path("evidence");
    var known = expected("olmo-7b-0724-manifest-is-another-run");
    assertThat(evidence.path("rows")).isEqualTo(known.path("rows"));
    assertThat(evidence.path("otherRun").asText()).isEqualTo("OLMo-7B");
    assertThat(evidence.path("sharedWithOtherRun"))
        .isEqualTo(known.path("shared_with_OLMo_7B_v051"));
    assertThat(evidence.path("addressesOfOtherRun")).isEqualTo(known.path("of"));
    assertThat(evidence.path("sharedWithRun"))
        .isEqualTo(known.path("shared_with_OLMo_7B_0724_v051"));
    assertThat(evidence.path("addressesOfRun")).isEqualTo(known.path("of2"));
  }

  @Test
  void everyFindingSaysInASentenceWhatIsWrong() {
    assertThat(FOUND)
        .isNotEmpty()
        .allSatisfy(one ->
            assertThat(one.at("/evidence/summary").asText())
                .as(one.path("class").asText())
                .isNotBlank());
    var repeated = only("config-duplicate-data").path("evidence");
    assertThat(repeated.path("files").asInt()).isEqualTo(1_122);
    assertThat(repeated.path("distinct").asInt()).isEqualTo(1_117);
  }

  @Test
  void parentsAndBordersAreChecked() {
    var known = expected("olmo2-7b-final-missing");
    assertThat(found("dangling-parent"))
        .isNotEmpty()
        .allSatisfy(one -> {
          assertThat(one.path("subject").asText()).contains(name(known.path("source").asText()));
          assertThat(one.at("/evidence/referencedStep")).isEqualTo(known.path("referenced_step"));
          assertThat(one.at("/evidence/lastListed")).isEqualTo(known.path("last_listed"));
        });
    var border = only("segment-boundary-mismatch").path("evidence");
    assertThat(border.path("lastStep"))
        .isEqualTo(expected("olmo3-7b-segment-boundary").path("part1_hard_stop"));
    assertThat(border.path("startsFrom"))
        .isEqualTo(expected("olmo3-7b-segment-boundary").path("part2_load"));
  }

  @Test
  void configurationsAreHeldAgainstWhatIsSaidOfThem() {
    var labels = expected("olmo-7b-batch-vs-labels");
    assertThat(found("config-effective-mismatch"))
        .hasSize(2)
        .anySatisfy(one -> {
          assertThat(one.at("/evidence/tokensPerStep"))
              .isEqualTo(labels.path("config_tokens_per_step"));
          assertThat(one.at("/evidence/impliedSequencesPerStep"))
              .isEqualTo(labels.path("implied_sequences_per_batch"));
        })
        .anySatisfy(one ->
            assertThat(one.at("/evidence/settings/0/claimed").asText())
                .isEqualTo(expected("pythia-1b-config-vs-readme").path("readme_lr").asText()));
    var unset =
        found("config-default-unrecorded").stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.at("/evidence/setting").asText(),
                    Collectors.mapping(
                        one -> name(one.at("/evidence/file").asText()), Collectors.toSet())));
    var files =
        expected("pythia-init-unset")
            .path("files")
            .valueStream()
            .map(file -> name(file.asText()))
            .collect(Collectors.toSet());
    assertThat(unset).containsOnlyKeys("seed", "init_method", "output_layer_init_method");
    assertThat(unset.get("init_method")).isEqualTo(files);
    assertThat(unset.get("seed")).hasSize(17);
  }

  /** The names of files are below what the files of an import have in common. */
  private static String name(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  @Test
  void resultsAndContentsThatAreEqualAreTold() {
    assertThat(found("duplicate-content-explained"))
        .extracting(one -> one.path("run").asText())
        .contains("pythia-70m", "pythia-160m");
    var known = expected("pythia-2.8b-evals-equal-deduped");
    var equal = only("cross-run-duplicate-results").at("/evidence/equalValuesByStep");
    assertThat(equal.path("zero-shot")).isEqualTo(known.path("zero_shot_equal_metrics_by_step"));
    assertThat(equal.path("five-shot")).isEqualTo(known.path("five_shot"));
    assertThat(found("duplicate-content"))
        .extracting(one -> one.at("/evidence/checkpoints").asInt())
        .containsExactlyInAnyOrder(76, 10);
  }

  @Test
  void importingEverythingAgainChangesNothing() throws IOException {
    for (var one : IMPORTS.subList(1, IMPORTS.size())) {
      var again = imported(one);
      assertThat(again.path("state").asText()).as(one.toString()).isEqualTo("succeeded");
      assertThat(again.path("changeList")).as(one.toString()).isEmpty();
    }
  }
}
