package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NegativeZerosTest {

  /** Bytes that differ from those of a negative zero by little, so that many elements are close. */
  private static final byte[] CLOSE = {0, 1, (byte) 0x80, (byte) 0x81, 0x7f, (byte) 0xff, 8, 0x20};

  @ParameterizedTest
  @EnumSource
  void findsWhatLookingAtEachElementFinds(TensorType type) {
    int unit = NegativeZeros.unit(type);
    var random = new Random(type.name().hashCode());
    int with = 0;
    for (int round = 0; round < 4000; round++) {
      int offset = random.nextInt(9);
      int length = Math.max(1, unit) * random.nextInt(9 + round / 100);
      var bytes = new byte[offset + length + random.nextInt(9)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(9) == 0 ? bytes[i] : CLOSE[random.nextInt(CLOSE.length)];
      }
      if (round % 2 == 0) { // else hardly any piece would be without
        NegativeZeros.clear(type, bytes, offset, length);
      }
      if (round % 4 == 0 && unit > 0 && length > 0) { // one alone, at any place
        int at = offset + unit * random.nextInt(length / unit);
        Arrays.fill(bytes, at, at + unit, (byte) 0);
        bytes[at + unit - 1] = (byte) 0x80;
      }
      boolean any = oneByOne(type, bytes, offset, length);
      with += any ? 1 : 0;
      assertThat(NegativeZeros.any(type, bytes, offset, length)).isEqualTo(any);
    }
    assertThat(with).isBetween(unit == 0 ? 0 : 900, unit == 0 ? 0 : 3100);
  }

  /** By the bits: the highest of an element, and no other. */
  private static boolean oneByOne(TensorType type, byte[] bytes, int offset, int length) {
    if (NegativeZeros.unit(type) == 0) {
      return false;
    }
    int width = type == TensorType.C64 ? 32 : type.bits(); // two floats
    boolean any = false;
    for (int first = 0; first + width <= 8 * length; first += width) {
      boolean rest = false;
      boolean sign = false;
      for (int bit = first; bit < first + width; bit++) {
        rest |= sign;
        sign = ((bytes[offset + bit / 8] >> (bit % 8)) & 1) != 0;
      }
      any |= sign && !rest;
    }
    return any;
  }
}
