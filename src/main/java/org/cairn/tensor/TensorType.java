package org.cairn.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The element types of safetensors 0.8.0, with what each bit pattern is worth.
 *
 * <p>Small floats follow the OCP specifications OFP8 1.0 (E4M3, E5M2) and MX 1.0 (E8M0, F6, F4);
 * those whose name ends in FNUZ have a bias that is larger by one, no negative zero and no
 * infinity: the pattern of negative zero is their only NaN.
 */
enum TensorType {
  BOOL(8),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  I16(16),
  U16(16),
  F16(16),
  BF16(16),
  I32(32),
  U32(32),
  F32(32),
  C64(64),
  F64(64),
  I64(64),
  U64(64),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6);

  private enum Specials {
    /** All ones in the exponent: infinity, or NaN where the mantissa is not zero. */
    IEEE,
    /** NaN where exponent and mantissa are all ones. */
    NAN_AT_ALL_ONES,
    NAN_AT_NEGATIVE_ZERO,
    NONE
  }

  private static final Map<String, TensorType> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  /** Half a megabyte for each type of 16 bits, which every tensor of it needs. */
  private static final Map<TensorType, double[]> VALUES = new ConcurrentHashMap<>();

  private final int bits;

  TensorType(int bits) {
    this.bits = bits;
  }

  /** The type of that name; empty for one that this version does not know. */
  static Optional<TensorType> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Bits of one element: 4, 6, 8, 16, 32 or 64. */
  int bits() {
    return bits;
  }

  /** The value of every pattern of a type of at most 16 bits, by pattern; not to be changed. */
  double[] values16() {
    if (bits > 16) {
      throw new IllegalStateException(this + " has too many patterns");
    }
    return VALUES.computeIfAbsent(
        this,
        type -> {
          var values = new double[1 << bits];
          Arrays.setAll(values, this::value);
          return values;
        });
  }

  private double value(int bits) {
    return switch (this) {
      case BOOL -> bits == 0 ? 0 : 1;
      case U8 -> bits;
      case I8 -> (byte) bits;
      case F8_E5M2 -> small(bits, 5, 2, 15, Specials.IEEE);
      case F8_E4M3 -> small(bits, 4, 3, 7, Specials.NAN_AT_ALL_ONES);
      case F8_E8M0 -> bits == 0xff ? Double.NaN : Math.scalb(1.0, bits - 127);
      case F8_E4M3FNUZ -> small(bits, 4, 3, 8, Specials.NAN_AT_NEGATIVE_ZERO);
      case F8_E5M2FNUZ -> small(bits, 5, 2, 16, Specials.NAN_AT_NEGATIVE_ZERO);
      case I16 -> (short) bits;
      case U16 -> bits;
      case F16 -> Float.float16ToFloat((short) bits);
      case BF16 -> Float.intBitsToFloat(bits << 16);
      case F4 -> small(bits, 2, 1, 1, Specials.NONE);
      case F6_E2M3 -> small(bits, 2, 3, 1, Specials.NONE);
      case F6_E3M2 -> small(bits, 3, 2, 3, Specials.NONE);
      case I32, U32, F32, C64, F64, I64, U64 ->
          throw new IllegalStateException(this + " has too many patterns");
    };
  }

  private static double small(int bits, int exponents, int mantissas, int bias, Specials specials) {
    int mantissa = bits & ((1 << mantissas) - 1);
    int exponent = bits >> mantissas & ((1 << exponents) - 1);
    boolean negative = (bits >> (exponents + mantissas)) != 0;
    boolean highest = exponent == (1 << exponents) - 1;
    switch (specials) {
      case IEEE -> {
        if (highest && mantissa != 0) {
          return Double.NaN;
        } else if (highest) {
          return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
      }
      case NAN_AT_ALL_ONES -> {
        if (highest && mantissa == (1 << mantissas) - 1) {
          return Double.NaN;
        }
      }
      case NAN_AT_NEGATIVE_ZERO -> {
        if (negative && exponent == 0 && mantissa == 0) {
          return Double.NaN;
        }
      }
      case NONE -> {}
    }
    double magnitude =
        exponent == 0
            ? Math.scalb((double) mantissa, 1 - bias - mantissas)
            : Math.scalb((double) (mantissa | 1 << mantissas), exponent - bias - mantissas);
    return negative ? -magnitude : magnitude;
  }
}
