package org.cairn.tensor;

import java.util.List;

/**
 * One tensor of a file, as the header of the file describes it.
 *
 * @param dtype as it is spelt there, known to {@link TensorType} or not
 * @param shape extents; empty for a scalar
 * @param begin offset of its first byte from the end of the header
 * @param end offset after its last byte
 */
record TensorEntry(String name, String dtype, List<Long> shape, long begin, long end) {

  long size() {
    return end - begin;
  }

  /**
   * Number of elements.
   *
   * @throws ArithmeticException where it is more than 2^63 - 1
   */
  long elements() {
    if (shape.contains(0L)) {
      return 0;
    }
    long elements = 1;
    for (long extent : shape) {
      elements = Math.multiplyExact(elements, extent);
    }
    return elements;
  }
}
