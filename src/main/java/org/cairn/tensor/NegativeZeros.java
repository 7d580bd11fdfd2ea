package org.cairn.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds negative zeros among little-endian elements and makes them positive. */
final class NegativeZeros {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private NegativeZeros() {}

  /** Bytes that hold a whole number of elements; 0 for a type that has no negative zero. */
  static int unit(TensorType type) {
    return switch (type) {
      case F8_E5M2, F8_E4M3, F4 -> 1;
      case F16, BF16 -> 2;
      case F6_E2M3, F6_E3M2 -> 3;
      case F32, C64 -> 4;
      case F64 -> 8;
      case BOOL, U8, I8, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, I32, U32, I64, U64 -> 0;
    };
  }

  /**
   * Whether there is one, in whole elements of which the first begins at {@code offset}. Eight
   * bytes are looked at together, in a loop without a branch, which the compiler makes one of
   * vectors: less the bits of its negative zeros a word has an element of zero, and (t - ones)
   * &amp; ~t has the highest bit of the lowest such element (Mycroft's test, "Determine if a word
   * has a zero byte" of <a href="https://graphics.stanford.edu/~seander/bithacks.html">Bit
   * Twiddling Hacks</a>). It may have bits of elements above that one too, which makes no
   * difference here.
   */
  static boolean any(TensorType type, byte[] bytes, int offset, int length) {
    return switch (type == TensorType.F4 ? 4 : 8 * unit(type)) {
      case 0 -> false;
      case 4 -> any(0x1111_1111_1111_1111L, bytes, offset, length);
      case 8 -> any(0x0101_0101_0101_0101L, bytes, offset, length);
      case 16 -> any(0x0001_0001_0001_0001L, bytes, offset, length);
      case 32 -> any(0x0000_0001_0000_0001L, bytes, offset, length);
      case 64 -> any(1, bytes, offset, length);
      default -> anyInGroups(bytes, offset, length);
    };
  }

  /**
   * @param ones the lowest bit of each element of a word
   */
  private static boolean any(long ones, byte[] bytes, int offset, int length) {
    long negativeZeros = Long.rotateRight(ones, 1);
    long found = 0;
    int words = length / Long.BYTES;
    for (int i = 0; i < words; i++) {
      long word = (long) LONGS.get(bytes, offset + i * Long.BYTES) ^ negativeZeros;
      found |= (word - ones) & ~word;
    }
    long rest = 0; // zeros where nothing is left, which are not negative
    for (int i = words * Long.BYTES; i < length; i++) {
      rest |= (bytes[offset + i] & 0xffL) << (8 * (i % Long.BYTES));
    }
    rest ^= negativeZeros;
    found |= (rest - ones) & ~rest;
    return (found & negativeZeros) != 0;
  }

  private static boolean anyInGroups(byte[] bytes, int offset, int length) {
    boolean found = false;
    for (int i = offset; i + 3 <= offset + length; i += 3) {
      found |= cleared(group(bytes, i)) != group(bytes, i);
    }
    return found;
  }

  static void clear(TensorType type, byte[] bytes, int offset, int length) {
    int end = offset + length;
    switch (unit(type)) {
      case 1 -> {
        for (int i = offset; i < end; i++) {
          if (type == TensorType.F4) {
            int low = bytes[i] & 0xf;
            int high = bytes[i] & 0xf0;
            bytes[i] = (byte) ((low == 8 ? 0 : low) | (high == 0x80 ? 0 : high));
          } else if (bytes[i] == (byte) 0x80) {
            bytes[i] = 0;
          }
        }
      }
      case 2 -> {
        for (int i = offset; i + 2 <= end; i += 2) {
          if ((short) SHORTS.get(bytes, i) == Short.MIN_VALUE) {
            SHORTS.set(bytes, i, (short) 0);
          }
        }
      }
      case 3 -> {
        for (int i = offset; i + 3 <= end; i += 3) {
          int group = cleared(group(bytes, i));
          bytes[i] = (byte) group;
          bytes[i + 1] = (byte) (group >> 8);
          bytes[i + 2] = (byte) (group >> 16);
        }
      }
      case 4 -> {
        for (int i = offset; i + 4 <= end; i += 4) {
          if ((int) INTS.get(bytes, i) == Integer.MIN_VALUE) {
            INTS.set(bytes, i, 0);
          }
        }
      }
      case 8 -> {
        for (int i = offset; i + 8 <= end; i += 8) {
          if ((long) LONGS.get(bytes, i) == Long.MIN_VALUE) {
            LONGS.set(bytes, i, 0L);
          }
        }
      }
      default -> {}
    }
  }

  private static int group(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
  }

  /** Four elements of six bits; the sign is the highest bit of each. */
  private static int cleared(int group) {
    int result = group;
    for (int shift = 0; shift < 24; shift += 6) {
      if ((group >> shift & 0x3f) == 0x20) {
        result &= ~(0x3f << shift);
      }
    }
    return result;
  }
}
