package org.cairn.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Where a new segment stands when it begins, from all that is declared: its schedule, its parents,
 * and what its producer claims. What none of them reaches is unknown.
 *
 * <p>Two things are counted. <i>Before</i> is along the chain of parents, whatever their stages.
 * <i>At start</i> is the counter of (stage, branch), which may have begun anew at 0.
 */
record SegmentStart(
    long startStep, @Nullable BatchSchedule schedule, BeforeClaim claimed, List<Parent> parents) {

  /** A parent and what was read when it was taken; {@code at} is null outside this registry. */
  record Parent(EdgeKind kind, boolean sameCounter, @Nullable Long step, @Nullable Counts at) {}

  /** Two sources for one count disagree. */
  record Disagreement(String findingClass, String unit, long expected, long actual) {}

  SegmentStart {
    parents = List.copyOf(parents);
  }

  /** What the chain of parents says, or, without parents, what the segment's own counter says. */
  BeforeClaim computed() {
    if (!parents.isEmpty()) {
      return alongParents();
    }
    if (claimed.steps() != null && claimed.steps() != startStep) {
      return BeforeClaim
          .NONE; // something came before the counter, and only the producer knows what
    }
    return new BeforeClaim(startStep, bySchedule(true), bySchedule(false));
  }

  /** Computed where that is possible, or else as claimed. */
  BeforeClaim before() {
    var computed = computed();
    return new BeforeClaim(
        either(computed.steps(), claimed.steps()),
        either(computed.tokens(), claimed.tokens()),
        either(computed.sequences(), claimed.sequences()));
  }

  @Nullable Long tokensAtStart() {
    return atStart(true, Counts::tokens, BeforeClaim::tokens);
  }

  @Nullable Long sequencesAtStart() {
    return atStart(false, Counts::sequences, BeforeClaim::sequences);
  }

  List<Disagreement> disagreements() {
    var found = new ArrayList<Disagreement>();
    var computed = computed();
    compare(found, "counts-before-segment-differ", "steps", computed.steps(), claimed.steps());
    compare(found, "counts-before-segment-differ", "tokens", computed.tokens(), claimed.tokens());
    compare(
        found,
        "counts-before-segment-differ",
        "sequences",
        computed.sequences(),
        claimed.sequences());
    if (startStep > 0) {
      var resumed = resumed();
      if (resumed != null) {
        compare(found, "counts-at-start-differ", "tokens", bySchedule(true), resumed.tokens());
        compare(
            found, "counts-at-start-differ", "sequences", bySchedule(false), resumed.sequences());
      }
    }
    for (var parent : parents) {
      if (parent.kind() == EdgeKind.RESUME && parent.sameCounter() && parent.step() != null) {
        compare(found, "resume-step-differs", "step", parent.step(), startStep);
      }
    }
    return found;
  }

  /**
   * In this order: a counter is 0 at step 0; a schedule from step 0 on tells; a resumed parent at
   * the same step had the same counter; and where as many steps were taken along the chain as the
   * counter shows, the counter is that of the chain.
   */
  private @Nullable Long atStart(
      boolean tokens,
      Function<Counts, @Nullable Long> ofParent,
      Function<BeforeClaim, @Nullable Long> ofChain) {
    var scheduled = bySchedule(tokens);
    if (scheduled != null) {
      return scheduled;
    }
    var resumed = resumed();
    var carried = resumed == null ? null : ofParent.apply(resumed);
    if (carried != null) {
      return carried;
    }
    var before = before();
    return Objects.equals(before.steps(), startStep) ? ofChain.apply(before) : null;
  }

  private @Nullable Long bySchedule(boolean tokens) {
    if (startStep == 0) {
      return 0L;
    }
    if (schedule == null || !schedule.covers(0)) {
      return null;
    }
    try {
      return tokens
          ? Long.valueOf(schedule.tokens(startStep))
          : Long.valueOf(schedule.sequences(startStep));
    } catch (RegistryException tooMany) {
      // What a segment calls this step.
      throw BatchSchedule.tooMany("startStep", tokens ? "tokens" : "sequences", startStep);
    }
  }

  private @Nullable Counts resumed() {
    for (var parent : parents) {
      if (parent.kind() == EdgeKind.RESUME && Objects.equals(parent.step(), startStep)) {
        return parent.at();
      }
    }
    return null;
  }

  /** Several parents count only where they agree; a position orders, so the furthest decides. */
  private BeforeClaim alongParents() {
    Long steps = null;
    for (var parent : parents) {
      if (parent.at() == null) {
        return BeforeClaim.NONE;
      }
      var position = parent.at().position();
      steps = steps == null ? position : Math.max(steps, position);
    }
    return new BeforeClaim(steps, agreed(Counts::totalTokens), agreed(Counts::totalSequences));
  }

  private @Nullable Long agreed(Function<Counts, @Nullable Long> count) {
    Long agreed = null;
    for (var parent : parents) {
      var value = parent.at() == null ? null : count.apply(parent.at());
      if (value == null || (agreed != null && !agreed.equals(value))) {
        return null;
      }
      agreed = value;
    }
    return agreed;
  }

  private static @Nullable Long either(@Nullable Long first, @Nullable Long second) {
    return first == null ? second : first;
  }

  private static void compare(
      List<Disagreement> found,
      String findingClass,
      String unit,
      @Nullable Long expected,
      @Nullable Long actual) {
    if (expected != null && actual != null && !expected.equals(actual)) {
      found.add(new Disagreement(findingClass, unit, expected, actual));
    }
  }
}
