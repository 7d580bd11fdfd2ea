package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of floats against exact arithmetic, with elements that are unkind to sums. */
class BlockMomentsTest {

  private static final MathContext DIGITS = new MathContext(60);

  /** Elements that are hard for one reason each. */
  enum Nasty {
    CANCELLING {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        var half =
            random.doubles(n / 2).map(x -> (float) Math.scalb(x, random.nextInt(60))).toArray();
        return i -> i < n / 2 ? half[i] : i < n / 2 * 2 ? -half[n / 2 * 2 - 1 - i] : 0x1p-30;
      }
    },
    SUBNORMAL {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> Float.MIN_VALUE * random.nextInt(-9, 10);
      }
    },
    OF_EVERY_EXPONENT {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> finite(random);
      }
    },
    GREATEST {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> random.nextInt(3) == 0 ? 1 : random.nextBoolean() ? Float.MAX_VALUE : -3e38f;
      }
    },
    ZEROS_OF_BOTH_SIGNS {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i ->
            random.nextInt(99) == 0 ? random.nextGaussian() : random.nextBoolean() ? 0 : -0.0;
      }
    },
    NEARLY_EQUAL {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> i == n / 3 ? Math.nextUp(0.1f) : 0.1f;
      }
    },
    BEHIND_OUTLIERS {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> i < 700 ? 1e6 + random.nextGaussian() : 1 + 1e-6 * random.nextGaussian();
      }
    },
    DRIFTING {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> i * 1e3 + random.nextGaussian();
      }
    },
    FEW_ARE_FINITE {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i -> random.nextInt(200) == 0 ? finite(random) : infiniteOrNaN(random);
      }
    },
    FEW_ARE_NOT_FINITE {
      @Override
      IntToDoubleFunction elements(Random random, int n) {
        return i ->
            random.nextInt(2000) == 0 ? infiniteOrNaN(random) : 3 + 1e-3 * random.nextGaussian();
      }
    };

    abstract IntToDoubleFunction elements(Random random, int n);
  }

  private static double finite(Random random) {
    float any;
    do {
      any = Float.intBitsToFloat(random.nextInt());
    } while (!Float.isFinite(any));
    return any;
  }

  private static double infiniteOrNaN(Random random) {
    int bits = 0x7f80_0000 | (random.nextBoolean() ? 1 << 31 : 0);
    return Float.intBitsToFloat(random.nextBoolean() ? bits : bits | random.nextInt(1 << 23));
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithExactArithmetic(Nasty nasty) {
    var random = new Random(nasty.name().hashCode());
    for (int n : new int[] {1, 2, 511, 512, 513, 1023, 2049, 9_999, 140_001}) {
      var elements = nasty.elements(random, n);
      var values =
          IntStream.range(0, n).mapToDouble(i -> (float) elements.applyAsDouble(i)).toArray();
      check(statistics(TensorType.F32, values, random), values);
      check(statistics(TensorType.F64, values, random), values);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE})
  void equalElementsDoNotDeviate(float value) {
    var values = new double[5000];
    Arrays.fill(values, value);
    var found = statistics(TensorType.F32, values, new Random(1));
    assertThat(found.standardDeviation()).isZero();
    assertThat(found.mean()).isEqualTo(value + 0.0);
    assertThat(found.min()).isEqualTo(value);
    check(found, values);
  }

  /** About the mean of the first block the squares would be thousands of times the variance. */
  @Test
  void theFirstBlockIsUnlikeTheOthers() {
    float[] kinds = {1.1e7f, 1.1f, 1.3f};
    var values = new double[1 << 22];
    Arrays.setAll(values, i -> kinds[i < LaneSums.LANES ? 0 : 1 + i % 2]);
    var found = statistics(TensorType.F32, values, new Random(2));
    var n = BigDecimal.valueOf(values.length);
    var sum = BigDecimal.ZERO;
    var squares = BigDecimal.ZERO;
    for (int i = 0; i < kinds.length; i++) {
      int others = (values.length - LaneSums.LANES) / 2;
      var times = BigDecimal.valueOf(i == 0 ? LaneSums.LANES : others);
      var exact = new BigDecimal(kinds[i]);
      sum = sum.add(times.multiply(exact));
      squares = squares.add(times.multiply(exact).multiply(exact));
    }
    close(found.mean(), sum.divide(n, DIGITS));
    var variance = squares.subtract(sum.multiply(sum).divide(n, DIGITS)).divide(n, DIGITS);
    close(found.standardDeviation(), variance.sqrt(DIGITS));
  }

  private static TensorStatistics statistics(TensorType type, double[] values, Random random) {
    int ahead = random.nextInt(9);
    int width = type.bits() / 8;
    var bytes = new byte[ahead + values.length * width];
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(ahead);
    for (double value : values) {
      if (width == 4) {
        buffer.putFloat((float) value);
      } else {
        buffer.putDouble(value);
      }
    }
    var gatherer = new BlockMoments(type);
    for (int at = ahead, piece; at < bytes.length; at += piece) {
      piece = Math.min(1 + random.nextInt(9000), bytes.length - at);
      gatherer.add(bytes, at, piece);
    }
    return gatherer.result();
  }

  private static void check(TensorStatistics found, double[] values) {
    var finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    assertThat(found.count()).isEqualTo(values.length);
    assertThat(found.nans()).isEqualTo(Arrays.stream(values).filter(Double::isNaN).count());
    assertThat(found.infinities())
        .isEqualTo(Arrays.stream(values).filter(Double::isInfinite).count());
    assertThat(found.zeros()).isEqualTo(Arrays.stream(finite).filter(x -> x == 0).count());
    if (finite.length == 0) {
      assertThat(found.mean()).isNaN();
      return;
    }
    // Math.min() and Math.max() hold -0 to be less than +0, and so does isEqualTo().
    assertThat(found.min()).isEqualTo(Arrays.stream(finite).min().orElseThrow());
    assertThat(found.max()).isEqualTo(Arrays.stream(finite).max().orElseThrow());
    var n = BigDecimal.valueOf(finite.length);
    var sum = BigDecimal.ZERO;
    var magnitudes = BigDecimal.ZERO;
    var squares = BigDecimal.ZERO;
    for (double value : finite) {
      var exact = new BigDecimal(value);
      sum = sum.add(exact);
      magnitudes = magnitudes.add(exact.abs());
      squares = squares.add(exact.multiply(exact));
    }
    double mean = sum.divide(n, DIGITS).doubleValue();
    double magnitude = magnitudes.divide(n, DIGITS).doubleValue();
    assertThat(found.mean())
        .isCloseTo(mean, within(2 * Math.ulp(mean) + Math.scalb(magnitude, -89)));
    close(found.l1(), magnitudes);
    close(found.l2(), squares.sqrt(DIGITS));
    var variance =
        squares.subtract(sum.multiply(sum).divide(n, new MathContext(400))).divide(n, DIGITS);
    close(found.standardDeviation(), variance.max(BigDecimal.ZERO).sqrt(DIGITS));
  }

  private static void close(double found, BigDecimal exact) {
    assertThat(found).isCloseTo(exact.doubleValue(), within(3.1e-14 * exact.doubleValue()));
  }
}
