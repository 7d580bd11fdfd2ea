package org.cairn.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Little-endian elements as doubles, which hold each value exactly but 64-bit integers beyond 2^53:
 * those are rounded to the nearest. Elements of 4 and 6 bits are packed from the least significant
 * bit on.
 */
final class ElementDecoder {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Floats at a time, few enough to stay in the first-level cache. */
  private static final int FLOATS = 512;

  private final TensorType type;

  /**
   * Copied first, as the compiler makes vectors of arrays of floats, not of their bits in bytes.
   */
  private final float[] floats;

  /** The value of each pattern of a type of at most 16 bits. */
  private final double[] values;

  ElementDecoder(TensorType type) {
    this.type = type;
    this.floats = new float[type == TensorType.F32 ? FLOATS : 0];
    this.values = type.bits() <= 16 ? type.values16() : new double[0];
  }

  /** Decodes elements of which the first begins at the byte {@code offset}. */
  void decode(byte[] bytes, int offset, int elements, double[] to, int from) {
    switch (type) {
      case F32 -> {
        for (int i = 0; i < elements; i += FLOATS) {
          int some = Math.min(FLOATS, elements - i);
          MemorySegment.copy(MemorySegment.ofArray(bytes), FLOAT, offset + 4L * i, floats, 0, some);
          widen(floats, to, from + i, some);
        }
      }
      case F64 ->
          MemorySegment.copy(MemorySegment.ofArray(bytes), DOUBLE, offset, to, from, elements);
      case I32 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = (int) INTS.get(bytes, offset + 4 * i);
        }
      }
      case U32 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = Integer.toUnsignedLong((int) INTS.get(bytes, offset + 4 * i));
        }
      }
      case I64 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = (long) LONGS.get(bytes, offset + 8 * i);
        }
      }
      case U64 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = unsigned((long) LONGS.get(bytes, offset + 8 * i));
        }
      }
      case I16, U16, F16, BF16 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = values[(short) SHORTS.get(bytes, offset + 2 * i) & 0xffff];
        }
      }
      case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = values[bytes[offset + i] & 0xff];
        }
      }
      case F4, F6_E2M3, F6_E3M2 -> packed(bytes, offset, elements, to, from);
      case C64 -> throw new IllegalStateException("a complex number is no double");
    }
  }

  private static void widen(float[] floats, double[] to, int from, int n) {
    for (int i = 0; i < n; i++) {
      to[from + i] = floats[i];
    }
  }

  /** The bits of elements of 32 bits. */
  static void copy(byte[] bytes, int offset, int elements, int[] to, int from) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), INT, offset, to, from, elements);
  }

  private void packed(byte[] bytes, int offset, int elements, double[] to, int from) {
    int bits = type.bits();
    for (int i = 0; i < elements; i++) {
      int bit = i * bits;
      int at = offset + (bit >> 3);
      // An element lies in at most two bytes.
      int two = (bytes[at] & 0xff) | (at + 1 < bytes.length ? (bytes[at + 1] & 0xff) << 8 : 0);
      to[from + i] = values[(two >> (bit & 7)) & ((1 << bits) - 1)];
    }
  }

  private static double unsigned(long bits) {
    // Halved with its last bit kept, so that the rounding to a double is the right one.
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
