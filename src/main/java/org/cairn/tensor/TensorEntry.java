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
}
