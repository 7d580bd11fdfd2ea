package org.cairn.run;

import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Where a stretch of training stands at its first step, and how it goes on from there.
 *
 * @param startStep of the counter of (stage, branch)
 * @param schedule null where nobody declared one
 * @param tokensAtStart of the counter at startStep
 * @param sequencesAtStart of the counter at startStep
 * @param stepsBefore along the chain of parents, before startStep
 * @param tokensBefore along the chain of parents, before startStep
 * @param sequencesBefore along the chain of parents, before startStep
 */
public record StepCounter(
    long startStep,
    @Nullable BatchSchedule schedule,
    @Nullable Long tokensAtStart,
    @Nullable Long sequencesAtStart,
    long stepsBefore,
    @Nullable Long tokensBefore,
    @Nullable Long sequencesBefore) {

  /** The counter of a run's checkpoints that belong to no segment. */
  static StepCounter ofRun(@Nullable BatchSchedule schedule) {
    return new StepCounter(0, schedule, 0L, 0L, 0, 0L, 0L);
  }

  /** The counts when {@code step} steps of the counter were taken. */
  public Counts at(long step) {
    if (step < startStep) {
      throw RegistryException.invalid(
          "step", "is " + step + ", before the segment begins at step " + startStep);
    }
    var sequences = since(step, "sequences");
    var tokens = since(step, "tokens");
    return new Counts(
        sum(stepsBefore, step - startStep, "steps", step),
        sum(tokensAtStart, tokens, "tokens", step),
        sum(sequencesAtStart, sequences, "sequences", step),
        sum(tokensBefore, tokens, "tokens", step),
        sum(sequencesBefore, sequences, "sequences", step));
  }

  private @Nullable Long since(long step, String unit) {
    if (step == startStep) {
      return 0L; // nothing was read since, whatever the batch
    }
    if (schedule == null || !schedule.covers(startStep)) {
      return null;
    }
    return unit.equals("tokens")
        ? Long.valueOf(schedule.tokens(startStep, step))
        : Long.valueOf(schedule.sequences(startStep, step));
  }

  private static @Nullable Long sum(
      @Nullable Long before, @Nullable Long since, String unit, long step) {
    return before == null || since == null
        ? null
        : Long.valueOf(sum(before.longValue(), since.longValue(), unit, step));
  }

  private static long sum(long before, long since, String unit, long step) {
    try {
      return Math.addExact(before, since);
    } catch (ArithmeticException e) {
      throw BatchSchedule.tooMany("step", unit, step);
    }
  }
}
