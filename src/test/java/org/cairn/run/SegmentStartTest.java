package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cairn.run.SegmentStart.Disagreement;
import org.cairn.run.SegmentStart.Parent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmentStartTest {

  private static final BatchSchedule TEN = new BatchSchedule(List.of(new BatchPoint(0, 2, 5)));
  private static final BatchSchedule FROM_100 =
      new BatchSchedule(List.of(new BatchPoint(100, 3, 5)));

  @Test
  void aRunBeginsWithNothing() {
    var start = start(0, null, BeforeClaim.NONE);
    assertThat(start.before()).isEqualTo(new BeforeClaim(0L, 0L, 0L));
    assertThat(start.tokensAtStart()).isZero();
    assertThat(start.disagreements()).isEmpty();
  }

  @Test
  void aScheduleFromStepZeroReachesTheStart() {
    var start = start(100, TEN, BeforeClaim.NONE);
    assertThat(start.before()).isEqualTo(new BeforeClaim(100L, 1_000L, 200L));
    assertThat(start.tokensAtStart()).isEqualTo(1_000);
    assertThat(start.sequencesAtStart()).isEqualTo(200);
  }

  @Test
  void whatNothingReachesIsUnknown() {
    var start = start(100, FROM_100, BeforeClaim.NONE);
    assertThat(start.before()).isEqualTo(new BeforeClaim(100L, null, null));
    assertThat(start.tokensAtStart()).isNull();
    assertThat(start.sequencesAtStart()).isNull();
  }

  @Test
  void aClaimStandsInWhereNothingIsComputed() {
    var start = start(100, FROM_100, new BeforeClaim(null, 700L, null));
    assertThat(start.before()).isEqualTo(new BeforeClaim(100L, 700L, null));
    assertThat(start.tokensAtStart()).isEqualTo(700);
    assertThat(start.sequencesAtStart()).isNull();
    assertThat(start.disagreements()).isEmpty();
  }

  @Test
  void aClaimOfOtherStepsIsOfTheChainAndNotOfTheCounter() {
    var start = start(100, FROM_100, new BeforeClaim(5_100L, 70_000L, null));
    assertThat(start.before()).isEqualTo(new BeforeClaim(5_100L, 70_000L, null));
    assertThat(start.tokensAtStart()).isNull();
    assertThat(start.disagreements()).isEmpty();
  }

  @Test
  void aClaimThatDisagreesIsAFaultAndDoesNotReplaceWhatIsComputed() {
    var start = start(100, TEN, new BeforeClaim(100L, 999L, 200L));
    assertThat(start.before()).isEqualTo(new BeforeClaim(100L, 1_000L, 200L));
    assertThat(start.disagreements())
        .containsExactly(new Disagreement("counts-before-segment-differ", "tokens", 1_000, 999));
  }

  @Test
  void aResumedParentCarriesTheCounterOn() {
    var parent = parent(EdgeKind.RESUME, 100, counts(100, 1_234L, 77L, 1_234L, 77L));
    var start = start(100, FROM_100, BeforeClaim.NONE, parent);
    assertThat(start.tokensAtStart()).isEqualTo(1_234);
    assertThat(start.sequencesAtStart()).isEqualTo(77);
    assertThat(start.before()).isEqualTo(new BeforeClaim(100L, 1_234L, 77L));
  }

  @Test
  void aSecondStageBeginsItsCounterAnewAndKeepsTheChain() {
    // OLMo-2-7B: stage 2 begins at step 0 from step 928646 of stage 1
    var parent =
        new Parent(
            EdgeKind.FORK,
            false,
            928_646L,
            counts(928_646, 3_895_023_632_384L, null, 3_895_023_632_384L, null));
    var start = start(0, TEN, BeforeClaim.NONE, parent);
    assertThat(start.tokensAtStart()).isZero();
    assertThat(start.before()).isEqualTo(new BeforeClaim(928_646L, 3_895_023_632_384L, null));
  }

  @Test
  void aForkThatKeepsTheNumbersOfItsParentKeepsTheCounterToo() {
    var parent = new Parent(EdgeKind.FORK, false, 100L, counts(100, 7L, 6L, 5L, 4L));
    var start = start(100, FROM_100, BeforeClaim.NONE, parent);
    assertThat(start.tokensAtStart()).isEqualTo(5);
    assertThat(start.sequencesAtStart()).isEqualTo(4);
  }

  @Test
  void aParentOutsideTheRegistryTellsNothing() {
    var parent = new Parent(EdgeKind.RESUME, false, null, null);
    assertThat(start(100, FROM_100, BeforeClaim.NONE, parent).before()).isEqualTo(BeforeClaim.NONE);
    var claimed = start(100, FROM_100, new BeforeClaim(100L, 700L, null), parent);
    assertThat(claimed.before()).isEqualTo(new BeforeClaim(100L, 700L, null));
    assertThat(claimed.tokensAtStart()).isEqualTo(700);
    assertThat(start(100, FROM_100, new BeforeClaim(null, 700L, null), parent).tokensAtStart())
        .isNull();
  }

  @Test
  void parentsOfAMergeCountWhereTheyAgree() {
    var one = parent(EdgeKind.MERGE, 10, counts(110, 1L, null, 500L, 20L));
    var two = parent(EdgeKind.MERGE, 20, counts(120, 1L, null, 500L, 30L));
    assertThat(start(0, null, BeforeClaim.NONE, one, two).before())
        .isEqualTo(new BeforeClaim(120L, 500L, null));
  }

  @Test
  void aResumeFromAnotherStepIsAFault() {
    // OLMo-3-7B: part 1 stops at 597046, part 2 loads step 596047
    var parent = parent(EdgeKind.RESUME, 596_047, counts(596_047, 1L, 1L, 1L, 1L));
    var start = start(597_046, FROM_100, BeforeClaim.NONE, parent);
    assertThat(start.disagreements())
        .containsExactly(new Disagreement("resume-step-differs", "step", 596_047, 597_046));
    assertThat(start.before().steps()).isEqualTo(596_047);
    assertThat(start.tokensAtStart()).isNull();
  }

  @Test
  void aScheduleThatContradictsTheResumedParentIsAFault() {
    var parent = parent(EdgeKind.RESUME, 100, counts(100, 800L, 200L, 800L, 200L));
    assertThat(start(100, TEN, BeforeClaim.NONE, parent).disagreements())
        .containsExactly(new Disagreement("counts-at-start-differ", "tokens", 1_000, 800));
  }

  private static Parent parent(EdgeKind kind, long step, Counts counts) {
    return new Parent(kind, true, step, counts);
  }

  private static Counts counts(
      long position,
      @Nullable Long tokens,
      @Nullable Long sequences,
      @Nullable Long totalTokens,
      @Nullable Long totalSequences) {
    return new Counts(position, tokens, sequences, totalTokens, totalSequences);
  }

  private static SegmentStart start(
      long startStep, @Nullable BatchSchedule schedule, BeforeClaim claimed, Parent... parents) {
    return new SegmentStart(startStep, schedule, claimed, List.of(parents));
  }
}
