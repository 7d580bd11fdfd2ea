package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TensorStatisticsTest {

  private static final MathContext EXACT = new MathContext(60);

  @Test
  void smallFloatsAreThoseOfTheirSpecifications() {
    assertThat(TensorType.F4.values16())
        .containsExactly(0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6);
    assertThat(greatest(TensorType.F6_E2M3)).isEqualTo(7.5);
    assertThat(greatest(TensorType.F6_E3M2)).isEqualTo(28);
    assertThat(greatest(TensorType.F8_E4M3)).isEqualTo(448);
    assertThat(greatest(TensorType.F8_E5M2)).isEqualTo(57_344);
    assertThat(greatest(TensorType.F8_E4M3FNUZ)).isEqualTo(240);
    assertThat(greatest(TensorType.F8_E5M2FNUZ)).isEqualTo(57_344);
    assertThat(greatest(TensorType.F8_E8M0)).isEqualTo(Math.scalb(1.0, 127));
    assertThat(TensorType.F8_E4M3.values16()[1]).isEqualTo(Math.scalb(1.0, -9));
    assertThat(TensorType.F8_E5M2.values16()[1]).isEqualTo(Math.scalb(1.0, -16));
    assertThat(count(TensorType.F8_E4M3, Double::isNaN)).isEqualTo(2);
    assertThat(count(TensorType.F8_E5M2, Double::isNaN)).isEqualTo(6);
    assertThat(count(TensorType.F8_E5M2, Double::isInfinite)).isEqualTo(2);
    assertThat(count(TensorType.F8_E4M3FNUZ, Double::isNaN)).isEqualTo(1);
    assertThat(TensorType.F8_E5M2FNUZ.values16()[0x80]).isNaN();
  }

  private static double greatest(TensorType type) {
    return finite(type.values16()).max().orElseThrow();
  }

  private static long count(TensorType type, java.util.function.DoublePredicate what) {
    return Arrays.stream(type.values16()).filter(what).count();
  }

  private static DoubleStream finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "C64")
  void agreesWithExactArithmetic(TensorType type) {
    var random = new Random(type.name().hashCode());
    for (int round = 0; round < 6; round++) {
      var bytes = new byte[24 * random.nextInt(1, 300)];
      if (round % 3 == 0 || type.bits() < 32) {
        random.nextBytes(bytes);
      } else {
        weights(type, bytes, random, round);
      }
      var values = decode(type, bytes);
      for (long elements : new long[] {values.length, Long.MAX_VALUE}) { // a few, and many
        var gatherer = StatisticsGatherer.of(type, elements);
        for (int at = 0, piece; at < bytes.length; at += piece) {
          piece = Math.min(random.nextInt(1, 5000), bytes.length - at);
          gatherer.add(bytes, at, piece);
        }
        check(gatherer.result(), values);
      }
    }
  }

  /**
   * Around one like a layer norm, around zero like a matrix, or with what training must not make.
   */
  private static void weights(TensorType type, byte[] bytes, Random random, int round) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      double value = (round % 3 == 1 ? 1 : 0) + random.nextGaussian() * 1e-3;
      if (round > 3 && random.nextInt(50) == 0) {
        value = new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0}[random.nextInt(3)];
      }
      switch (type) {
        case F32 -> buffer.putFloat((float) value);
        case F64 -> buffer.putDouble(value);
        case I32, U32 -> buffer.putInt(random.nextInt(-1000, 1000));
        default -> buffer.putLong(random.nextLong(-1000, 1000));
      }
    }
  }

  private static double[] decode(TensorType type, byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var values = new double[Math.toIntExact(bytes.length * 8L / type.bits())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case F32 -> buffer.getFloat();
            case F64 -> buffer.getDouble();
            case I32 -> buffer.getInt();
            case U32 -> buffer.getInt() & 0xffffffffL;
            case I64 -> buffer.getLong();
            case U64 -> new BigDecimal(Long.toUnsignedString(buffer.getLong())).doubleValue();
            default -> {
              int pattern = 0;
              for (int bit = 0; bit < type.bits(); bit++) {
                int at = i * type.bits() + bit;
                pattern |= (bytes[at / 8] >> (at % 8) & 1) << bit;
              }
              yield type.values16()[pattern];
            }
          };
    }
    return values;
  }

  private static void check(TensorStatistics found, double[] values) {
    assertThat(found.count()).isEqualTo(values.length);
    assertThat(found.nans()).isEqualTo(Arrays.stream(values).filter(Double::isNaN).count());
    assertThat(found.infinities())
        .isEqualTo(Arrays.stream(values).filter(Double::isInfinite).count());
    assertThat(found.zeros()).isEqualTo(Arrays.stream(values).filter(x -> x == 0).count());
    var finite = finite(values).toArray();
    if (finite.length == 0) {
      assertThat(found.mean()).isNaN();
      return;
    }
    assertThat(found.min()).isEqualTo(Arrays.stream(finite).min().orElseThrow());
    assertThat(found.max()).isEqualTo(Arrays.stream(finite).max().orElseThrow());
    var n = BigDecimal.valueOf(finite.length);
    var sum = BigDecimal.ZERO;
    var magnitudes = BigDecimal.ZERO;
    var squares = BigDecimal.ZERO;
    for (double value : finite) {
      var exact = new BigDecimal(value);
      sum = sum.add(exact, EXACT);
      magnitudes = magnitudes.add(exact.abs(), EXACT);
      squares = squares.add(exact.multiply(exact, EXACT), EXACT);
    }
    var mean = sum.divide(n, EXACT);
    var variance = squares.divide(n, EXACT).subtract(mean.multiply(mean, EXACT), EXACT);
    double scale = magnitudes.divide(n, EXACT).doubleValue();
    if (Double.isFinite(found.mean())) {
      // Also where the elements cancel: two roundings, and nothing else that is seen.
      assertThat(found.mean())
          .isCloseTo(mean.doubleValue(), within(2 * Math.ulp(mean.doubleValue()) + 1e-28 * scale));
    }
    close(found.l1(), magnitudes.doubleValue(), magnitudes.doubleValue());
    if (squares.doubleValue() < Double.MAX_VALUE) {
      double l2 = squares.sqrt(EXACT).doubleValue();
      close(found.l2(), l2, l2);
      double deviation = variance.max(BigDecimal.ZERO).sqrt(EXACT).doubleValue();
      close(found.standardDeviation(), deviation, deviation);
    }
  }

  private static void close(double found, double exact, double scale) {
    if (Double.isFinite(exact) && Double.isFinite(found)) {
      assertThat(found).isCloseTo(exact, within(1e-13 * scale));
    }
  }

  @Test
  void negativeZerosMakeNoDifferenceToTheLooseDigest() throws MalformedSafetensorsException {
    for (var type : TensorType.values()) {
      int unit = NegativeZeros.unit(type);
      if (unit == 0) {
        continue;
      }
      var random = new Random(unit);
      var positive = new byte[24 * 3000];
      random.nextBytes(positive);
      NegativeZeros.clear(type, positive, 0, positive.length);
      // An element of zero, past what the first pieces hold.
      int at = 24 * 2000;
      Arrays.fill(positive, at, at + 24, (byte) 0);
      var negative = positive.clone();
      switch (type) {
        case F6_E2M3, F6_E3M2 -> negative[at] = 0x20;
        case F4 -> negative[at] = 0x08;
        default -> negative[at + unit - 1] = (byte) 0x80;
      }
      var plain = scan(type, positive);
      var signed = scan(type, negative);
      assertThat(plain.digests().loose()).as(type.name()).isEqualTo(plain.digests().strict());
      assertThat(signed.digests().strict()).isNotEqualTo(plain.digests().strict());
      assertThat(signed.digests().loose()).as(type.name()).isEqualTo(plain.digests().strict());
    }
  }

  private static IndexedTensor scan(TensorType type, byte[] bytes)
      throws MalformedSafetensorsException {
    var file =
        SafetensorsFile.of(
            java.util.List.of("t"), java.util.List.of(type), java.util.List.of(bytes));
    return SafetensorsFile.scan(file, 1001).getFirst();
  }
}
