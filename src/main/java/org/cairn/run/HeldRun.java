package org.cairn.run;

import java.util.List;

/**
 * A run that other writers of its checkpoints wait for until the end of the transaction, with what
 * its checkpoints are counted by.
 *
 * @param segments in their order
 * @param counter counts at steps that no segment covers
 */
public record HeldRun(RunRef run, List<SegmentFacts> segments, StepCounter counter) {}
