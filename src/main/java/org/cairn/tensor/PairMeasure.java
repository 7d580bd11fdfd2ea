package org.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How two tensors relate.
 *
 * @param distance square root of the sum of the squared differences of their elements (L2);
 *     infinite where that is beyond a double
 * @param cosine of the angle between them as vectors, from -1 to 1; null where one has no length
 */
public record PairMeasure(double distance, @Nullable Double cosine) {

  /** Of a tensor and itself. */
  public static PairMeasure same(StoredTensor tensor) {
    return new PairMeasure(0, length(tensor) > 0 ? 1.0 : null);
  }

  static PairMeasure of(StoredTensor a, StoredTensor b, double distance, double innerProduct) {
    double cosine = innerProduct / length(a) / length(b);
    return new PairMeasure(
        distance, Double.isFinite(cosine) ? Math.clamp(cosine, -1.0, 1.0) : null);
  }

  private static double length(StoredTensor tensor) {
    return tensor.statistics() == null ? Double.NaN : tensor.statistics().l2();
  }
}
