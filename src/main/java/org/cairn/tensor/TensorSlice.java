package org.cairn.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a tensor, as NumPy and PyTorch write it: {@code 0:128,:,3}. Each axis has a range
 * {@code start:stop}, either side of which may be left out, or one index, which removes the axis;
 * axes that are left out at the end are whole; negative numbers count from the end. Ranges beyond
 * the end are cut there, an index beyond it is refused, and so are steps.
 *
 * @param starts first index of each axis of the tensor
 * @param counts how many indices of each axis
 * @param shape of the part: without the axes that have one index
 */
public record TensorSlice(List<Long> starts, List<Long> counts, List<Long> shape) {

  public static final String REGEX = "[-0-9:, ]{1,2000}";

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

  /** All of a tensor of this shape. */
  static TensorSlice whole(List<Long> shape) {
    return new TensorSlice(shape.stream().map(extent -> 0L).toList(), shape, shape);
  }

  /** Reads a slice of a tensor of this shape; null is all of it. */
  static TensorSlice parse(@Nullable String text, List<Long> of) {
    if (text == null) {
      return whole(of);
    }
    var axes = text.split(",", -1);
    if (axes.length > of.size()) {
      throw invalid("has " + axes.length + " axes, the tensor has " + of.size());
    }
    var starts = new ArrayList<Long>();
    var counts = new ArrayList<Long>();
    var shape = new ArrayList<Long>();
    for (int axis = 0; axis < of.size(); axis++) {
      long extent = of.get(axis);
      var part = axis < axes.length ? axes[axis].strip() : ":";
      int colon = part.indexOf(':');
      if (colon < 0) {
        starts.add(index(part, extent));
        counts.add(1L);
      } else {
        long start = bound(part.substring(0, colon), 0, extent);
        long stop = bound(part.substring(colon + 1), extent, extent);
        starts.add(start);
        counts.add(Math.max(0, stop - start));
        shape.add(Math.max(0, stop - start));
      }
    }
    return new TensorSlice(List.copyOf(starts), List.copyOf(counts), List.copyOf(shape));
  }

  private static long index(String text, long extent) {
    long index = number(text);
    long position = index < 0 ? index + extent : index;
    if (position < 0 || position >= extent) {
      throw invalid("has the index " + index + " in an axis of " + extent);
    }
    return position;
  }

  private static long bound(String text, long otherwise, long extent) {
    var stripped = text.strip();
    if (stripped.isEmpty()) {
      return otherwise;
    }
    long bound = number(stripped);
    return Math.clamp(bound < 0 ? bound + extent : bound, 0, extent);
  }

  private static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw invalid(
          text.indexOf(':') >= 0
              ? "has a step, and only ranges without one are read"
              : "is written as 0:128,:,3, and \"" + text + "\" is no number");
    }
    return Long.parseLong(text);
  }

  private static RegistryException invalid(String reason) {
    return RegistryException.invalid("slice", reason);
  }

  /** Number of elements. */
  long elements() {
    long elements = 1;
    for (long count : counts) {
      elements *= count;
    }
    return elements;
  }
}
