package org.cairn.importer;

import org.cairn.run.BatchSchedule;
import org.cairn.run.EdgeKind;
import org.cairn.run.Loads;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of training as files of an import tell it, before the catalogue is asked what it knows
 * of its parent.
 *
 * @param stage as it is said, such as stage2; the run may spell it otherwise
 * @param configuration place of its file among those of the import; -1 where there is none
 * @param schedule null where the batch is not told
 * @param parent null where it begins with new weights
 */
record Stretch(
    String name,
    String stage,
    String branch,
    long startStep,
    @Nullable Long endStep,
    int configuration,
    @Nullable BatchSchedule schedule,
    @Nullable Parent parent) {

  /**
   * The checkpoint that it begins with.
   *
   * @param address as it is written: an address, or a label of the same run
   * @param step as the address says it; null where it says none
   */
  record Parent(String address, @Nullable Long step, EdgeKind kind, Loads loads) {}
}
