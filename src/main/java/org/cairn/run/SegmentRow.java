package org.cairn.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a query reads of a segment and its run to make {@link SegmentFacts}. */
record SegmentRow(
    UUID id,
    String name,
    String stage,
    String branch,
    long startStep,
    @Nullable Long endStep,
    @Nullable BatchSchedule ownSchedule,
    @Nullable BatchSchedule runSchedule,
    @Nullable Long tokensAtStart,
    @Nullable Long sequencesAtStart,
    @Nullable Long stepsBefore,
    @Nullable Long tokensBefore,
    @Nullable Long sequencesBefore) {

  SegmentFacts facts() {
    return new SegmentFacts(
        id,
        name,
        stage,
        branch,
        startStep,
        endStep,
        ownSchedule == null ? runSchedule : ownSchedule,
        tokensAtStart,
        sequencesAtStart,
        stepsBefore == null ? startStep : stepsBefore,
        tokensBefore,
        sequencesBefore);
  }
}
