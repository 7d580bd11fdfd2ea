package org.cairn.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Elements of at most 16 bits as float32, which holds each value of every such type exactly. Works
 * on groups of 24 bytes, which have a whole number of elements of every type.
 */
final class WideningStream extends InputStream {

  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of the few types that are widened: an answer may have thousands of small tensors. */
  private static final Map<TensorType, float[]> VALUES = new ConcurrentHashMap<>();

  /** Bytes that are read at once. */
  private static final int GROUP = 24 << 10;

  private final InputStream elements;
  private final int bits;
  private final float[] values;
  private final byte[] narrow = new byte[GROUP];
  private final byte[] wide;
  private int position;
  private int length;
  private long remaining;

  /**
   * @param elements from the first byte of an element on
   * @param skip bytes of the result that nobody wants, at its beginning
   * @param size bytes of the result after those
   */
  WideningStream(InputStream elements, TensorType type, int skip, long size) {
    this.elements = elements;
    this.position = skip;
    this.length = 0;
    this.remaining = size;
    this.bits = type.bits();
    this.values = VALUES.computeIfAbsent(type, WideningStream::values);
    this.wide = new byte[GROUP * 8 / bits * 4];
  }

  private static float[] values(TensorType type) {
    var exact = type.values16();
    var values = new float[exact.length];
    for (int pattern = 0; pattern < exact.length; pattern++) {
      values[pattern] = (float) exact[pattern];
    }
    return values;
  }

  @Override
  public int read(byte[] buffer, int offset, int most) throws IOException {
    if (most > 0 && remaining == 0) {
      return -1;
    }
    while (position >= length && most > 0) {
      fill();
    }
    int some = (int) Math.min(Math.min(most, length - position), remaining);
    System.arraycopy(wide, position, buffer, offset, some);
    position += some;
    remaining -= some;
    return some;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private void fill() throws IOException {
    int read = elements.readNBytes(narrow, 0, GROUP);
    if (read == 0 || read * 8 % bits != 0) {
      throw new EOFException("there are fewer elements than the index says");
    }
    int count = read * 8 / bits;
    int mask = (1 << bits) - 1;
    for (int i = 0; i < count; i++) {
      int bit = i * bits;
      int at = bit >> 3;
      // An element lies in at most two bytes.
      int two = (narrow[at] & 0xff) | (at + 1 < read ? (narrow[at + 1] & 0xff) << 8 : 0);
      FLOATS.set(wide, i * 4, values[(two >> (bit & 7)) & mask]);
    }
    position -= length;
    length = count * 4;
  }

  @Override
  public void close() throws IOException {
    elements.close();
  }
}
