package org.cairn.trajectory;

import java.util.Objects;
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

  /** Whether both were saved by one launch of training, and hold the same kind of weights. */
  boolean continues(ExaminedCheckpoint other) {
    return stage.equals(other.stage)
        && branch.equals(other.branch)
        && Objects.equals(segmentId, other.segmentId)
        && weightsKind.equals(other.weightsKind);
  }
}
