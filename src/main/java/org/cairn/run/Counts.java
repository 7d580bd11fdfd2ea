package org.cairn.run;

import org.jspecify.annotations.Nullable;

/**
 * What was read when a step was reached; a count that nothing declared reaches is unknown, which is
 * null, and never guessed.
 *
 * @param position steps along the chain of parents: the order of a run's checkpoints
 * @param tokens of the step counter of (stage, branch)
 * @param sequences of the step counter of (stage, branch)
 * @param totalTokens along the chain of parents
 * @param totalSequences along the chain of parents
 */
public record Counts(
    long position,
    @Nullable Long tokens,
    @Nullable Long sequences,
    @Nullable Long totalTokens,
    @Nullable Long totalSequences) {}
