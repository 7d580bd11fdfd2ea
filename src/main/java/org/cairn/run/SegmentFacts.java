package org.cairn.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint needs to know of the segment it was taken in.
 *
 * @param schedule the segment's own, or else the run's
 * @param stepsBefore along the chain of parents; the start step where that chain is unknown
 */
public record SegmentFacts(
    UUID id,
    String name,
    String stage,
    String branch,
    long startStep,
    @Nullable Long endStep,
    @Nullable BatchSchedule schedule,
    @Nullable Long tokensAtStart,
    @Nullable Long sequencesAtStart,
    long stepsBefore,
    @Nullable Long tokensBefore,
    @Nullable Long sequencesBefore) {

  /** The exact counts at a step of this segment. */
  public Counts at(long step) {
    return counter().at(step);
  }

  /** Whether a step lies in this segment, as far as its end is known. */
  public boolean covers(long step) {
    return startStep <= step && (endStep == null || step <= endStep);
  }

  StepCounter counter() {
    return new StepCounter(
        startStep,
        schedule,
        tokensAtStart,
        sequencesAtStart,
        stepsBefore,
        tokensBefore,
        sequencesBefore);
  }
}
