package org.cairn.trajectory;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A sealed checkpoint.
 *
 * @param position cumulative step along the chain of parents
 * @param weights digest of all its tensors
 * @param looseWeights the same with every negative zero taken for a positive one
 */
record ExaminedCheckpoint(
    UUID id,
    String label,
    String stage,
    String branch,
    @Nullable UUID segmentId,
    String weightsKind,
    long step,
    long position,
    Sha256 weights,
    Sha256 looseWeights) {

  /** What it has in common with those that one launch of training saved. */
  Object launch() {
    return Arrays.asList(stage, branch, segmentId, weightsKind);
  }

  /** What it has in common with those that training went through one after the other. */
  Object line() {
    return List.of(stage, branch, weightsKind);
  }
}
