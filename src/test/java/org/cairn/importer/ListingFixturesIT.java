package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cairn.platform.LabelGrammars;
import org.cairn.testsupport.Suite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The manifests of real releases have the faults that are known of them, and no others. */
@Tag("conformance")
class ListingFixturesIT {

  private static final Map<String, Listing> LISTINGS = new HashMap<>();
  private static final Map<String, JsonNode> EXPECTED = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    var root = Suite.fixtures();
    try (var files = Files.walk(root)) {
      for (var file : files.filter(f -> f.toString().matches(".*/OLMo-[^/]*\\.csv")).toList()) {
        var name = root.relativize(file).toString();
        try (var bytes = Files.newInputStream(file)) {
          LISTINGS.put(name, CsvListing.read(name, bytes));
        }
      }
    }
    new ObjectMapper()
        .readTree(root.resolve("expected_findings.json").toFile())
        .forEach(finding -> EXPECTED.put(finding.path("id").asText(), finding));
    assertThat(LISTINGS).hasSize(11);
  }

  /** The only fault of a class in the file that the expectation names; no other file has one. */
  private static Fault only(String kind, JsonNode expected) {
    var found =
        LISTINGS.values().stream()
            .flatMap(listing -> ListingRules.check(listing).stream())
            .filter(fault -> fault.kind().equals(kind))
            .toList();
    assertThat(found).as(kind).hasSize(1);
    assertThat(found.getFirst().subject()).contains(expected.path("source").asText());
    return found.getFirst();
  }

  private static JsonNode expected(String id) {
    return Objects.requireNonNull(EXPECTED.get(id), id);
  }

  @Test
  void everyLineIsRead() {
    assertThat(LISTINGS.values())
        .allSatisfy(listing -> {
          assertThat(listing.unreadable()).isEmpty();
          assertThat(listing.checkpoints())
              .allSatisfy(one -> assertThat(one.addressed()).as("%s", one).isPresent());
        });
    assertThat(LISTINGS.values().stream().mapToInt(l -> l.checkpoints().size()).sum())
        .isEqualTo(5_604);
  }

  @Test
  void anAddressNamesAnotherStep() {
    var expected = expected("olmo2-13b-stage2-step-vs-uri");
    var rows = only("step-uri-mismatch", expected).evidence().path("rows");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).path("step").asText()).isEqualTo(expected.at("/rows/0/1").asText());
    assertThat(rows.get(0).path("address")).isEqualTo(expected.at("/rows/0/2"));
    assertThat(rows.get(0).path("stepOfAddress").asLong()).isEqualTo(11_000);
  }

  @Test
  void fortyLinesAreThereTwice() {
    var expected = expected("olmo2-13b-duplicate-rows");
    var evidence = only("duplicate-entry", expected).evidence();
    assertThat(evidence.path("rows")).isEqualTo(expected.path("rows"));
    assertThat(evidence.path("distinctSteps")).isEqualTo(expected.path("distinct_steps"));
    assertThat(evidence.path("duplicates").valueStream().map(one -> one.path("step").asLong()))
        .containsExactlyElementsOf(longs(expected.path("duplicated_steps")));
  }

  @Test
  void aLargePartOfARunIsMissing() {
    var expected = expected("olmo-1b-gap");
    assertThat(longs(only("schedule-gap", expected).evidence().path("largestGap")))
        .isEqualTo(longs(expected.path("largest_gap")));
    var irregular =
        ListingRules.check(listing("OLMo-2-1124-7B.csv")).stream()
            .filter(fault -> fault.kind().equals("schedule-irregular"))
            .toList();
    assertThat(irregular).hasSize(1);
    assertThat(longs(irregular.getFirst().evidence().path("stepsOffSchedule")))
        .isEqualTo(longs(expected("olmo2-7b-final-missing").path("off_schedule_steps")));
  }

  @Test
  void aRunIsMadeOfManyLaunches() {
    var expected = expected("olmo-7b-run-segments");
    var found =
        ListingRules.check(Objects.requireNonNull(LISTINGS.get(expected.path("source").asText())))
            .stream()
            .filter(fault -> fault.kind().equals("run-segments"))
            .toList();
    assertThat(found).hasSize(1);
    var evidence = found.getFirst().evidence();
    assertThat(evidence.path("segments")).isEqualTo(expected.path("segments"));
    assertThat(longs(evidence.path("sameStepTwoSegments")))
        .isEqualTo(longs(expected.path("same_step_two_segments")));
  }

  @Test
  void tokensAreAThousandStepsShort() {
    var expected = expected("olmo3-7b-tokens-off-by-1000-steps");
    var stages = only("tokens-inconsistent", expected).evidence().path("stages");
    assertThat(stages).hasSameSizeAs(expected.path("stages"));
    for (int i = 0; i < stages.size(); i++) {
      var stage = stages.get(i);
      var known = expected.path("stages").get(i);
      assertThat(stage.path("stage")).isEqualTo(known.path("stage"));
      assertThat(stage.path("tokensPerStep").asLong())
          .isEqualTo(known.path("tokens_per_step").asLong());
      assertThat(stage.path("errors").valueStream().map(e -> e.path("tokens").asLong()))
          .containsExactlyElementsOf(longs(known.path("constant_error_tokens")));
      assertThat(stage.path("errors").valueStream().map(e -> e.path("steps").asLong()))
          .containsExactlyElementsOf(longs(known.path("error_steps")));
      assertThat(stage.path("cause").asText()).contains("step 1000");
    }
  }

  @Test
  void oneStageIsSpeltAnotherWay() {
    var expected = expected("olmo3-7b-stage-name-spelling");
    var names = only("stage-name-irregular", expected).evidence().path("stages");
    assertThat(names).isEqualTo(expected.path("stages"));
  }

  @Test
  void aManifestListsAnotherRun() {
    var expected = expected("olmo-7b-0724-manifest-is-another-run");
    var old = "olmo/v0.5.1/checkpoints/official/";
    var known =
        Map.of(
            "OLMo-1B", addresses(old + "OLMo-1B.csv"),
            "OLMo-7B", addresses(old + "OLMo-7B.csv"),
            "OLMo-7B-0724", addresses(old + "OLMo-7B-0724.csv"));
    var today = Objects.requireNonNull(LISTINGS.get(expected.path("source").asText()));
    var evidence = ListingRulesTest.known(today, "OLMo-7B-0724", known).orElseThrow().evidence();
    assertThat(evidence.path("rows")).isEqualTo(expected.path("rows"));
    assertThat(evidence.path("otherRun").asText()).isEqualTo("OLMo-7B");
    assertThat(evidence.path("sharedWithOtherRun").asLong())
        .isEqualTo(expected.path("shared_with_OLMo_7B_v051").asLong());
    assertThat(evidence.path("addressesOfOtherRun").asLong())
        .isEqualTo(expected.path("of").asLong());
    assertThat(evidence.path("sharedWithRun").asLong())
        .isEqualTo(expected.path("shared_with_OLMo_7B_0724_v051").asLong());
    assertThat(evidence.path("addressesOfRun").asLong()).isEqualTo(expected.path("of2").asLong());

    LISTINGS.forEach((name, listing) -> {
      var run = name.substring(name.lastIndexOf('/') + 1).replace(".csv", "");
      if (!name.equals(expected.path("source").asText())) {
        assertThat(ListingRulesTest.known(listing, run, known)).as(name).isEmpty();
      }
    });
  }

  /** Exact tokens of the last steps of OLMo 2, and what the labels of these print. */
  @Test
  void labelsAreRoundedByTheRulesThatAreKnown() throws IOException {
    var facts =
        new ObjectMapper()
            .readTree(Suite.fixtures().resolve("olmo/derived/olmo2_lineage_facts.json").toFile())
            .path("runs");
    assertThat(facts).hasSize(13);
    var names = Map.of("ceil", "CEILING", "floor", "FLOOR", "round", "NEAREST");
    for (var fact : facts) {
      var said = LabelGrammars.parse(fact.path("hf_revision").asText()).orElseThrow();
      assertThat(said.step()).isEqualTo(fact.path("stop_at").asLong());
      assertThat(
              Objects.requireNonNull(said.tokens()).rulesFrom(fact.path("exact_tokens").asLong()))
          .extracting(Enum::name)
          .containsExactlyInAnyOrderElementsOf(
              fact.path("label_rule").valueStream().map(rule -> names.get(rule.asText())).toList());
    }
  }

  @Test
  void nothingElseIsFound() {
    var kinds = new TreeSet<String>();
    LISTINGS.forEach(
        (name, listing) -> ListingRules.check(listing).forEach(fault -> kinds.add(fault.kind())));
    assertThat(kinds)
        .containsExactly(
            "duplicate-entry",
            "run-segments",
            "schedule-gap",
            "schedule-irregular",
            "stage-name-irregular",
            "step-uri-mismatch",
            "tokens-inconsistent");
  }

  private static Listing listing(String file) {
    return LISTINGS.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/" + file))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> addresses(String name) {
    var addresses = new HashSet<String>();
    Objects.requireNonNull(LISTINGS.get(name), name)
        .checkpoints()
        .forEach(one -> addresses.add(Objects.requireNonNull(one.address())));
    return addresses;
  }

  private static List<Long> longs(JsonNode array) {
    return array.valueStream().map(JsonNode::asLong).collect(Collectors.toList());
  }

  @Test
  void aSeriesAndAScheduleHaveNoFaults() throws IOException {
    try (var bytes =
        Files.newInputStream(Suite.fixtures().resolve("multiberts/derived/checkpoints.csv"))) {
      var runs = CsvListing.readRuns("checkpoints.csv", bytes);
      assertThat(runs).hasSize(25);
      assertThat(runs.values())
          .allSatisfy(listing -> assertThat(ListingRules.check(listing)).isEmpty());
      assertThat(runs.values().stream().mapToInt(one -> one.checkpoints().size()).sum())
          .isEqualTo(170);
    }
    var schedule =
        JsonListing.read(
            "checkpoint_schedule.json",
            Files.readAllBytes(
                Suite.fixtures().resolve("pythia/derived/checkpoint_schedule.json")));
    assertThat(schedule.listing().checkpoints()).hasSize(154);
    assertThat(ListingRules.check(schedule.listing())).isEmpty();
    assertThat(Objects.requireNonNull(schedule.schedule()).tokens(143_000))
        .isEqualTo(299_892_736_000L);
  }
}
