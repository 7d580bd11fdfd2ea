package org.cairn.tensor;

import java.util.Optional;
import org.cairn.platform.Sha256;

/**
 * Two tensors of one type, by their bytes: whatever they are called and wherever they are. What is
 * measured between them has no direction, so the smaller digest is the left one.
 */
public record TensorPair(Sha256 left, Sha256 right, String dtype) {

  /**
   * The pair of two tensors; empty where nothing can be measured: they differ in type or shape, the
   * type has no order, or an element of either is not finite.
   */
  public static Optional<TensorPair> of(StoredTensor a, StoredTensor b) {
    if (!a.dtype().equals(b.dtype()) || !a.shape().equals(b.shape()) || !finite(a) || !finite(b)) {
      return Optional.empty();
    }
    boolean ordered = a.sha256().hex().compareTo(b.sha256().hex()) <= 0;
    return Optional.of(
        new TensorPair(
            ordered ? a.sha256() : b.sha256(), ordered ? b.sha256() : a.sha256(), a.dtype()));
  }

  private static boolean finite(StoredTensor tensor) {
    var statistics = tensor.statistics();
    return statistics != null && statistics.nans() == 0 && statistics.infinities() == 0;
  }

  /** Whether both are the same bytes, so that there is nothing to compute. */
  public boolean same() {
    return left.equals(right);
  }
}
