package org.cairn.xet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cairn.artifact.MalformedContentException;

/**
 * Where the chunks of a xorb lie, so that some of them can be read without the others. Kept beside
 * the xorb as two numbers for each chunk: where it ends, and how many bytes all chunks up to it
 * have.
 */
final class XorbIndex {

  private final int[] ends;
  private final int[] sizes;

  private XorbIndex(int[] ends, int[] sizes) {
    this.ends = ends;
    this.sizes = sizes;
  }

  /** The first {@code count} of these numbers; they are copied. */
  static XorbIndex of(int[] ends, int[] sizes, int count) {
    return new XorbIndex(Arrays.copyOf(ends, count), Arrays.copyOf(sizes, count));
  }

  static XorbIndex decode(byte[] bytes) {
    var numbers = ByteBuffer.wrap(bytes).asIntBuffer();
    int count = numbers.remaining() / 2;
    var ends = new int[count];
    var sizes = new int[count];
    numbers.get(ends).get(sizes);
    return new XorbIndex(ends, sizes);
  }

  byte[] encode() {
    var bytes = ByteBuffer.allocate(2 * Integer.BYTES * ends.length);
    bytes.asIntBuffer().put(ends).put(sizes);
    return bytes.array();
  }

  int count() {
    return ends.length;
  }

  /** Bytes of all chunks. */
  int size() {
    return sizes.length == 0 ? 0 : sizes[sizes.length - 1];
  }

  /** Where chunks {@code from} up to, and without, {@code to} lie. */
  Term term(XetHash xorb, long from, long to) throws MalformedContentException {
    if (from >= to || to > count()) {
      throw new MalformedContentException(
          "Xorb %s has %d chunks, and not %d to %d".formatted(xorb, count(), from, to));
    }
    int first = (int) from;
    int last = (int) to - 1;
    int offset = first == 0 ? 0 : ends[first - 1];
    int before = first == 0 ? 0 : sizes[first - 1];
    return new Term(xorb, offset, ends[last] - offset, sizes[last] - before);
  }
}
