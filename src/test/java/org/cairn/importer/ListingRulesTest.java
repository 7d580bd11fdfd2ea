package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Small listings with one fault each; the numbers are those of real ones, divided. */
class ListingRulesTest {

  private final StringBuilder text = new StringBuilder();

  private List<Fault> check(String header) throws IOException {
    return ListingRules.check(CsvListingTest.listing(header + "\n" + text));
  }

  private void line(Object... cells) {
    text.append(String.join(",", java.util.Arrays.stream(cells).map(String::valueOf).toList()));
    text.append('\n');
  }

  private static JsonNode only(List<Fault> faults, String kind) {
    assertThat(faults).extracting(Fault::kind).containsExactly(kind);
    return faults.getFirst().evidence();
  }

  private static String folder(String launch, long step) {
    return "https://a.org/" + launch + "/step" + step + "-unsharded/";
  }

  @Test
  void aListingThatIsRightHasNoFaults() throws IOException {
    long tokens = 0;
    for (int stage = 1; stage <= 3; stage++) {
      long perStep = stage == 2 ? 2_097_152 : 4_194_304;
      long before = tokens;
      for (long step = stage == 1 ? 0 : 1_000;
          step <= 10_500;
          step += step == 10_000 ? 500 : 1_000) {
        tokens = before + step * perStep;
        line("stage" + stage, step, tokens, folder("r/stage" + stage, step));
      }
    }
    assertThat(check("Stage,Step,Tokens Seen,Checkpoint Directory")).isEmpty();
  }

  @Test
  void branchesOfAStageGoOnFromTheStageBefore() throws IOException {
    line("stage1", "", 10, 100, "");
    line("stage1", "", 20, 200, "");
    for (int branch = 1; branch <= 2; branch++) {
      line("stage2", "b" + branch, 10, 300, "");
      line("stage2", "b" + branch, 20, 400, "");
    }
    assertThat(check("Stage,Branch,Step,Tokens,Address")).isEmpty();
    line("stage3", "", 10, 501, "");
    line("stage3", "", 20, 601, "");
    var stages =
        only(check("Stage,Branch,Step,Tokens,Address"), "tokens-inconsistent").path("stages");
    assertThat(stages).hasSize(1);
    assertThat(stages.get(0).path("tokensBefore").asLong()).isEqualTo(400);
    assertThat(stages.get(0).at("/errors/0/tokens").asLong()).isEqualTo(1);
    assertThat(stages.get(0).at("/errors/0").has("steps")).isFalse();
    assertThat(stages.get(0).has("cause")).isFalse();
  }

  @Test
  void aStageThatForgetsItsFirstSteps() throws IOException {
    for (long step = 0; step <= 4_000; step += 1_000) {
      line("stage1", step, step * 8, "");
    }
    for (long step = 1_000; step <= 4_000; step += 1_000) {
      line("stage2", step, 32_000 + (step - 1_000) * 4, "");
    }
    var found =
        only(check("Stage,Step,Tokens Seen,Address"), "tokens-inconsistent").at("/stages/0");
    assertThat(found.path("stage").asText()).isEqualTo("stage2");
    assertThat(found.at("/errors/0/tokens").asLong()).isEqualTo(-4_000);
    assertThat(found.at("/errors/0/steps").asLong()).isEqualTo(-1_000);
    assertThat(found.path("cause").asText()).contains("which is of step 1000");
  }

  @Test
  void anEntryIsThereTwice() throws IOException {
    for (long step = 1; step <= 5; step++) {
      line(step, folder("r", step));
    }
    line(3, folder("r", 3));
    var evidence = only(check("Step,Checkpoint Directory"), "duplicate-entry");
    assertThat(evidence.toString())
        .isEqualTo(
            "{\"file\":\"run.csv\",\"rows\":6,\"distinctSteps\":5,\"duplicates\":[{\"step\":3,\"lines\":[4,7]}]}");
  }

  @Test
  void aStepIsSavedByTwoLaunches() throws IOException {
    for (long step = 1; step <= 5; step++) {
      line(step, folder("first", step));
    }
    for (long step = 5; step <= 8; step++) {
      line(step, folder("second", step));
    }
    var evidence = only(check("Step,Checkpoint Directory"), "run-segments");
    assertThat(evidence.path("segments").asInt()).isEqualTo(2);
    assertThat(evidence.path("folders").get(1).toString())
        .isEqualTo(
            "{\"folder\":\"https://a.org/second/\",\"firstStep\":5,\"lastStep\":8,\"checkpoints\":4}");
    assertThat(evidence.path("sameStepTwoSegments").toString()).isEqualTo("[5]");
  }

  @Test
  void addressesThatAreAllOffByTheSameGoOnFromAParent() throws IOException {
    for (long step = 1; step <= 5; step++) {
      line(step, folder("r", step + 1_000));
    }
    var evidence = only(check("Step,Checkpoint Directory"), "step-uri-rebased");
    assertThat(evidence.path("rows")).hasSize(5);
    assertThat(evidence.path("constantOffset").asLong()).isEqualTo(1_000);
    assertThat(evidence.has("parent")).isFalse();
  }

  @Test
  void aLaunchThatCountsAnewIsRebasedOnTheStepOfItsParent() throws IOException {
    for (long step = 1_000; step <= 5_000; step += 1_000) {
      line(step, folder("first", step));
    }
    line(6_500, folder("second", 1_500));
    var faults = check("Step,Checkpoint Directory");
    assertThat(faults)
        .filteredOn(fault -> fault.kind().startsWith("step-uri"))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo("step-uri-rebased");
          assertThat(fault.evidence().at("/parent/step").asLong()).isEqualTo(5_000);
          assertThat(fault.evidence().at("/parent/line").asInt()).isEqualTo(6);
          assertThat(fault.evidence().at("/rows/0/stepOfAddress").asLong()).isEqualTo(1_500);
        });
    // No step of the listing is what lies between: the address is wrong.
    text.setLength(0);
    line(1_000, folder("first", 1_000));
    line(2_000, folder("first", 2_000));
    line(6_931, folder("second", 6_000));
    assertThat(check("Step,Checkpoint Directory"))
        .extracting(Fault::kind)
        .contains("step-uri-mismatch");
  }

  @Test
  void whatIsMadeOfSeveralBranchesHasReadOneOrAllOfThem() throws IOException {
    line("stage1_pre", 10, 100, folder("r", 10));
    line("stage1_pre", 20, 200, folder("r", 20));
    for (int branch = 1; branch <= 2; branch++) {
      line("stage2_mid_ingredient" + branch, 10, 300, folder("r/ingredient" + branch, 10));
      line("stage2_mid_ingredient" + branch, 20, 400, folder("r/ingredient" + branch, 20));
    }
    var soup = "https://a.org/r/souped/stage2-ingredient1+2-step20/";
    line("stage2_mid_souped", 20, 600, soup);
    line("stage3_long", 10, 700, folder("r/stage3", 10));
    line("stage3_long", 20, 800, folder("r/stage3", 20));
    line("stage3_long_souped", 20, 800, "https://a.org/r/stage3/step20+10/");
    var header = "Stage,Step,Tokens Seen,Checkpoint Directory";
    assertThat(check(header))
        .extracting(Fault::kind, fault -> fault.evidence().path("branch").asText())
        .as("no tokens are wrong")
        .containsExactly(
            tuple("merged-checkpoint", "souped"), tuple("merged-checkpoint", "souped"));
    var merged = check(header).getFirst().evidence().at("/rows/0");
    assertThat(merged.path("mergedBranches").toString())
        .isEqualTo("[\"ingredient1\",\"ingredient2\"]");
    assertThat(merged.path("branchesNotListed")).isEmpty();
    var text = this.text.toString();
    this.text.setLength(0);
    this.text.append(text.replace("20,600,", "20,601,"));
    assertThat(check(header))
        .filteredOn(fault -> fault.kind().equals("tokens-inconsistent"))
        .singleElement()
        .satisfies(fault -> {
          var stage = fault.evidence().at("/stages/0");
          assertThat(stage.path("branch").asText()).isEqualTo("souped");
          assertThat(stage.path("tokensOfAllBranches").asLong()).isEqualTo(600);
          assertThat(stage.at("/errors/0/tokens").asLong()).isEqualTo(1);
        });
  }

  @Test
  void aStageIsCountedFromAnotherCheckpointThanItsParent() throws IOException {
    for (long step = 10; step <= 30; step += 10) {
      line("stage1", step, step * 10, folder("r", step));
    }
    line("stage2", 10, 400, folder("r/stage2", 10));
    line("stage2", 20, 500, folder("r/stage2", 20));
    var listing = CsvListingTest.listing("Stage,Step,Tokens Seen,Checkpoint Directory\n" + text);
    assertThat(bases(listing, "https://b.org/r/step30/")).isEmpty();
    assertThat(bases(listing, "https://b.org/r/step999/")).as("is not listed").isEmpty();
    assertThat(bases(listing, "https://b.org/stage2/step20/")).as("of another stage").isEmpty();
    assertThat(bases(listing, "https://b.org/r/step20/"))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo("wrong-parent-base");
          assertThat(fault.evidence().path("countedFrom").asLong()).isEqualTo(300);
          assertThat(fault.evidence().at("/countedFromCheckpoint/step").asLong()).isEqualTo(30);
          assertThat(fault.evidence().at("/parent/tokens").asLong()).isEqualTo(200);
          assertThat(fault.evidence().path("error").asLong()).isEqualTo(100);
          assertThat(fault.evidence().path("parentNamedBy").toString())
              .isEqualTo("[\"m/stage2-ingredient1\"]");
        });
  }

  private static List<Fault> bases(Listing listing, String parent) {
    return ParentBases.check(
            listing,
            List.of(
                new ParentRules.Reference("m/stage2-ingredient1", parent),
                new ParentRules.Reference("m/final", "https://b.org/r/step10/")))
        .toList();
  }

  @Test
  void oneAddressIsOff() throws IOException {
    for (long step = 1; step <= 5; step++) {
      line("ingredient3".substring(10), step, folder("r", step == 4 ? 3 : step));
    }
    var faults = check("Ingredient,Step,Checkpoint Directory");
    assertThat(only(faults, "step-uri-mismatch").has("constantOffset")).isFalse();
    assertThat(faults.getFirst().subject()).isEqualTo("listing run.csv ingredient3");
  }

  @Test
  void stepsAreMissing() throws IOException {
    for (long step = 0; step <= 100; step += step == 20 ? 60 : 1) {
      if (step != 10) {
        line(step);
      }
    }
    line(90.5);
    var faults = check("Step");
    assertThat(faults)
        .extracting(Fault::kind)
        .containsExactly("schedule-gap", "schedule-irregular", "row-unreadable");
    assertThat(faults.get(0).evidence().path("largestGap").toString()).isEqualTo("[20,80]");
    assertThat(faults.get(1).evidence().path("gaps").toString()).isEqualTo("[[9,11]]");
  }

  @Test
  void aScheduleInPowersOfTwoIsNoFault() throws IOException {
    for (long step = 1; step <= 512; step *= 2) {
      line(step);
    }
    assertThat(check("Step")).isEmpty();
  }

  @Test
  void aStageIsSpeltAnotherWay() throws IOException {
    line("stage1_pretraining", 1);
    line("stage2_midtraining", 1);
    line("stage_3_longcontext", 1);
    assertThat(only(check("Stage,Step"), "stage-name-irregular").path("stages")).hasSize(3);
    text.setLength(0);
    line("stage1", 1);
    line("stage2-long", 1);
    line("cooldown", 1);
    assertThat(check("Stage,Step")).isEmpty();
  }

  @Test
  void aListingIsOfAnotherRun() throws IOException {
    var lines = new ArrayList<String>();
    for (long step = 1; step <= 10; step++) {
      line(step, folder("other", step));
      lines.add(folder("other", step));
    }
    var listing = CsvListingTest.listing("Step,Address\n" + text);
    var others = Set.copyOf(lines.subList(0, 9));
    var fault = known(listing, "own", Map.of("own", Set.of("x"), "other", others)).orElseThrow();
    assertThat(fault.kind()).isEqualTo("wrong-run-manifest");
    assertThat(fault.evidence().path("sharedWithOtherRun").asInt()).isEqualTo(9);
    assertThat(fault.evidence().path("sharedWithRun").asInt()).isZero();
    assertThat(known(listing, "other", Map.of("other", others, "own", Set.of("x")))).isEmpty();
    assertThat(known(listing, "own", Map.of())).isEmpty();
    // A run that forks from another lists some of its checkpoints.
    assertThat(
            known(
                listing,
                "own",
                Map.of("own", Set.copyOf(lines), "other", Set.copyOf(lines.subList(0, 5)))))
        .isEmpty();
  }

  @Test
  void nonsenseOfHugeNumbersIsNoFailure() throws IOException {
    line(Long.MAX_VALUE - 3, 1);
    line(Long.MAX_VALUE - 2, 3);
    line(Long.MAX_VALUE - 1, 5);
    line(Long.MAX_VALUE, Long.MAX_VALUE);
    line(0, 0);
    assertThat(check("Step,Tokens")).isNotNull();
  }

  /**
   * As the catalogue would be asked.
   *
   * @param addresses by run
   */
  static Optional<Fault> known(Listing listing, String run, Map<String, Set<String>> addresses) {
    var listed =
        listing.checkpoints().stream()
            .map(ListedCheckpoint::address)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    var known = new HashMap<String, KnownListings.Known>();
    addresses.forEach((name, own) ->
        known.put(
            name,
            new KnownListings.Known(own.stream().filter(listed::contains).count(), own.size())));
    var own = known.remove(run);
    return KnownListings.check(
        listing, run, listed.size(), own == null ? new KnownListings.Known(0, 0) : own, known);
  }
}
