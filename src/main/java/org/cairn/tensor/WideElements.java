package org.cairn.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian elements of 32 and 64 bits as doubles. */
final class WideElements {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private WideElements() {}

  /** Decodes {@code elements} of them; 64-bit integers beyond 2^53 are rounded. */
  static void decode(
      TensorType type, byte[] bytes, int offset, double[] to, int from, int elements) {
    switch (type) {
      case F32 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = (float) FLOATS.get(bytes, offset + 4 * i);
        }
      }
      case F64 -> {
        for (int i = 0; i < elements; i++) {
          to[from + i] = (double) DOUBLES.get(bytes, offset + 8 * i);
        }
      }
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
      default -> throw new IllegalStateException(type + " is counted by pattern");
    }
  }

  private static double unsigned(long bits) {
    // Halved with its last bit kept, so that the rounding to a double is the right one.
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
