package org.cairn.tensor;

import java.util.List;
import org.cairn.api.RegistryException;

/**
 * Where the elements of a slice lie: {@code count} blocks of {@code size} bytes each, in C order.
 */
final class SliceBlocks {

  private final long size;
  private final long count;
  private final long first;

  /**
   * The outer axes, over which blocks repeat: number of indices, and bytes from one to the next.
   */
  private final long[] repeats;

  private final long[] strides;

  private SliceBlocks(long size, long count, long first, long[] repeats, long[] strides) {
    this.size = size;
    this.count = count;
    this.first = first;
    this.repeats = repeats;
    this.strides = strides;
  }

  /**
   * @param bits of one element
   */
  static SliceBlocks of(List<Long> shape, int bits, TensorSlice slice) {
    int rank = shape.size();
    var stride = new long[rank];
    long inner = bits;
    for (int axis = rank - 1; axis >= 0; axis--) {
      stride[axis] = inner;
      inner *= shape.get(axis);
    }
    long offset = 0;
    for (int axis = 0; axis < rank; axis++) {
      offset += slice.starts().get(axis) * stride[axis];
    }
    // The axes at the end that are whole, and the one before them, lie together.
    int outer = rank;
    long together = bits;
    while (outer > 0) {
      outer--;
      together *= slice.counts().get(outer);
      if (!slice.counts().get(outer).equals(shape.get(outer))) {
        break;
      }
    }
    long blocks = 1;
    var repeats = new long[outer];
    var strides = new long[outer];
    for (int axis = 0; axis < outer; axis++) {
      repeats[axis] = slice.counts().get(axis);
      strides[axis] = bytes(stride[axis], repeats[axis] > 1);
      blocks *= repeats[axis];
    }
    boolean any = slice.elements() > 0;
    return new SliceBlocks(
        bytes(together, any), any ? blocks : 0, bytes(offset, any), repeats, strides);
  }

  private static long bytes(long bits, boolean matters) {
    if (matters && bits % 8 != 0) {
      throw RegistryException.invalid(
          "slice", "cuts within a byte, which holds several elements of this type");
    }
    return bits / 8;
  }

  /** Bytes of all blocks. */
  long total() {
    return size * count;
  }

  long size() {
    return size;
  }

  /** Whether the slice is one stretch of bytes. */
  boolean isContiguous() {
    return count <= 1;
  }

  /** Offset of a block from the beginning of the tensor. */
  long offset(long block) {
    long offset = first;
    long rest = block;
    for (int axis = repeats.length - 1; axis >= 0; axis--) {
      offset += rest % repeats[axis] * strides[axis];
      rest /= repeats[axis];
    }
    return offset;
  }
}
