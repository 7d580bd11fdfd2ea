package org.cairn.trajectory;

import java.util.EnumMap;
import java.util.Map;
import org.cairn.tensor.PairMeasure;
import org.cairn.tensor.StoredTensor;
import org.jspecify.annotations.Nullable;

/**
 * What was measured between a tensor and itself at other checkpoints.
 *
 * @param previous the tensor at the checkpoint before; null where there is none
 */
record PairValues(Map<PairKind, PairMeasure> measures, @Nullable StoredTensor previous) {

  static final PairValues NONE = new PairValues(new EnumMap<>(PairKind.class), null);

  @Nullable Double distance(PairKind kind) {
    var measure = measures.get(kind);
    return measure == null ? null : finite(measure.distance());
  }

  @Nullable Double cosine(PairKind kind) {
    var measure = measures.get(kind);
    return measure == null ? null : measure.cosine();
  }

  /** Distance to the checkpoint before in lengths of the tensor there. */
  @Nullable Double relativeUpdate() {
    var distance = distance(PairKind.PREVIOUS);
    return distance == null || previous == null || previous.statistics() == null
        ? null
        : finite(distance / previous.statistics().l2());
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
