package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PairMomentsTest {

  private static final MathContext EXACT = new MathContext(80);

  /** What the class promises. */
  private static final double BOUND = 3e-14;

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "C64")
  void agreesWithExactArithmetic(TensorType type) {
    var random = new Random(type.name().hashCode());
    for (int round = 0; round < 5; round++) {
      int elements = 8 * random.nextInt(1, 600);
      var left = bytes(type, elements, random);
      var right = round == 0 ? left.clone() : near(type, left, random);
      var moments = new PairMoments(type);
      moments.add(left, right, left.length);
      check(moments, exactly(type, left, elements), exactly(type, right, elements), type);
    }
  }

  private static void check(
      PairMoments moments, BigDecimal[] left, BigDecimal[] right, TensorType type) {
    var squares = BigDecimal.ZERO;
    var products = BigDecimal.ZERO;
    var magnitudes = BigDecimal.ZERO;
    for (int i = 0; i < left.length; i++) {
      var difference = left[i].subtract(right[i], EXACT);
      squares = squares.add(difference.multiply(difference, EXACT), EXACT);
      var product = left[i].multiply(right[i], EXACT);
      products = products.add(product, EXACT);
      magnitudes = magnitudes.add(product.abs(), EXACT);
    }
    double distance = squares.sqrt(EXACT).doubleValue();
    assertThat(moments.distance()).as(type.name()).isCloseTo(distance, within(BOUND * distance));
    assertThat(moments.innerProduct())
        .isCloseTo(products.doubleValue(), within(BOUND * magnitudes.doubleValue()));
  }

  /** Elements around one and around zero, as training makes them; any finite pattern of 16 bits. */
  private static byte[] bytes(TensorType type, int elements, Random random) {
    var bytes = new byte[elements * type.bits() / 8];
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (type.bits() <= 16) {
      var values = type.values16();
      for (int i = 0; i < elements; i++) {
        int pattern;
        do {
          pattern = random.nextInt(values.length);
        } while (!Double.isFinite(values[pattern]));
        put(bytes, i * type.bits(), type.bits(), pattern);
      }
      return bytes;
    }
    while (buffer.hasRemaining()) {
      double value = (random.nextBoolean() ? 1 : 0) + random.nextGaussian() * 1e-3;
      switch (type) {
        case F32 -> buffer.putFloat((float) value);
        case F64 -> buffer.putDouble(value);
        case I32, U32 -> buffer.putInt(random.nextInt());
        default -> buffer.putLong(random.nextLong() >>> 11);
      }
    }
    return bytes;
  }

  /** A few elements are others, as after a small step of training. */
  private static byte[] near(TensorType type, byte[] bytes, Random random) {
    var other = bytes(type, bytes.length * 8 / type.bits(), random);
    var near = bytes.clone();
    // Whole elements: bytes of two of them may make an infinite one.
    int unit = type.bits() < 8 ? 3 : type.bits() / 8;
    for (int at = 0; at + unit <= near.length; at += unit) {
      if (random.nextInt(4) == 0) {
        System.arraycopy(other, at, near, at, unit);
      }
    }
    return near;
  }

  private static void put(byte[] bytes, int bit, int bits, int pattern) {
    for (int i = 0; i < bits; i++) {
      bytes[(bit + i) / 8] |= (byte) ((pattern >> i & 1) << ((bit + i) % 8));
    }
  }

  private static BigDecimal[] exactly(TensorType type, byte[] bytes, int elements) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var values = new BigDecimal[elements];
    var patterns = type.bits() <= 16 ? type.values16() : new double[0];
    for (int i = 0; i < elements; i++) {
      values[i] =
          switch (type) {
            case F32 -> new BigDecimal(buffer.getFloat());
            case F64 -> new BigDecimal(buffer.getDouble());
            case I32 -> BigDecimal.valueOf(buffer.getInt());
            case U32 -> BigDecimal.valueOf(Integer.toUnsignedLong(buffer.getInt()));
            case I64, U64 -> BigDecimal.valueOf(buffer.getLong());
            default -> {
              int pattern = 0;
              for (int bit = 0; bit < type.bits(); bit++) {
                int at = i * type.bits() + bit;
                pattern |= (bytes[at / 8] >> (at % 8) & 1) << bit;
              }
              yield new BigDecimal(patterns[pattern]);
            }
          };
    }
    return values;
  }

  @Test
  void aPairHasNoDirectionAndNeedsFiniteElementsOfOneTypeAndShape() {
    var a = tensor("F32", List.of(2L), "a", 0);
    var b = tensor("F32", List.of(2L), "b", 0);
    assertThat(TensorPair.of(a, b)).isPresent().isEqualTo(TensorPair.of(b, a));
    assertThat(TensorPair.of(a, a).orElseThrow().same()).isTrue();
    assertThat(TensorPair.of(a, b).orElseThrow().same()).isFalse();
    assertThat(TensorPair.of(a, tensor("F16", List.of(2L), "b", 0))).isEmpty();
    assertThat(TensorPair.of(a, tensor("F32", List.of(1L, 2L), "b", 0))).isEmpty();
    assertThat(TensorPair.of(a, tensor("F32", List.of(2L), "b", 1))).isEmpty();
  }

  @Test
  void whatHasNoLengthHasNoAngle() {
    var a = tensor("F32", List.of(2L), "a", 0);
    assertThat(PairMeasure.same(a)).isEqualTo(new PairMeasure(0, 1.0));
    assertThat(PairMeasure.of(a, a, 1, 25.000000000000004).cosine()).isEqualTo(1.0);
    var zero =
        new StoredTensor(
            a.file(),
            "t",
            "F32",
            List.of(2L),
            8,
            8,
            a.sha256(),
            a.sha256(),
            new TensorStatistics(2, 2, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(PairMeasure.same(zero)).isEqualTo(new PairMeasure(0, null));
    assertThat(PairMeasure.of(a, zero, 5, 0)).isEqualTo(new PairMeasure(5, null));
  }

  private static StoredTensor tensor(String dtype, List<Long> shape, String bytes, int nans) {
    var digest = Sha256.of(bytes.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new StoredTensor(
        digest,
        "t",
        dtype,
        shape,
        8,
        8,
        digest,
        digest,
        new TensorStatistics(2, 0, nans, 0, 3, 4, 3.5, 0.5, 7, 5));
  }
}
