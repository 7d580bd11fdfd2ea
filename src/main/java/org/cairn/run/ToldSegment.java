package org.cairn.run;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of training as a release tells it.
 *
 * @param startStep of the counter of (stage, branch)
 * @param endStep null where it is not told
 * @param configuration null where there is none
 * @param schedule null where the batch is not told; the run's then
 */
public record ToldSegment(
    String name,
    String stage,
    String branch,
    long startStep,
    @Nullable Long endStep,
    @Nullable UUID configuration,
    @Nullable BatchSchedule schedule,
    List<ParentRequest> parents) {

  public ToldSegment {
    parents = List.copyOf(parents);
  }
}
