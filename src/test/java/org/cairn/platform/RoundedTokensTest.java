package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.cairn.platform.RoundedTokens.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedTokensTest {

  /** Steps of OLMo-2 releases with what their labels print. */
  @ParameterizedTest
  @CsvSource({
    "5, B, 4194304000, 'CEILING'",
    "4, B, 4194304000, 'FLOOR,NEAREST'",
    "51, B, 50023366656, 'CEILING'",
    "50, B, 50023366656, 'FLOOR,NEAREST'",
    "50, B, 50000000000, 'CEILING,FLOOR,NEAREST'",
    "2.5, T, 2500000000000, 'CEILING,FLOOR,NEAREST'",
    "2.5, T, 2450000000000, 'CEILING,NEAREST'",
    "2460, B, 2332033024000, ''"
  })
  void tellsByWhichRuleACountWasRounded(String digits, String unit, long exact, String rules) {
    var printed = RoundedTokens.parse(digits, unit).orElseThrow();
    var expected = EnumSet.noneOf(Rounding.class);
    if (!rules.isEmpty()) {
      java.util.Arrays.stream(rules.split(",", -1)).map(Rounding::valueOf).forEach(expected::add);
    }
    assertThat(printed.rulesFrom(exact)).isEqualTo(expected);
  }

  @Test
  void agreesWithDecimalArithmetic() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 10_000; i++) {
      var exact = random.nextLong(1L << random.nextInt(1, 62));
      var printed =
          RoundedTokens.parse(String.valueOf(random.nextLong(1, 2_000)), "B").orElseThrow();
      for (long near : new long[] {exact, Math.max(0, printed.tokens() + exact % 2_000_000_000L)}) {
        var ratio = new BigDecimal(near).divide(new BigDecimal(printed.unit()));
        var rules = printed.rulesFrom(near);
        var value = BigInteger.valueOf(printed.value());
        assertThat(rules.contains(Rounding.CEILING))
            .isEqualTo(ratio.setScale(0, RoundingMode.CEILING).toBigInteger().equals(value));
        assertThat(rules.contains(Rounding.FLOOR))
            .isEqualTo(ratio.setScale(0, RoundingMode.FLOOR).toBigInteger().equals(value));
        assertThat(rules.contains(Rounding.NEAREST))
            .isEqualTo(ratio.setScale(0, RoundingMode.HALF_UP).toBigInteger().equals(value));
      }
    }
  }

  @Test
  void whatDoesNotFitIsNotRead() {
    assertThat(RoundedTokens.parse("9223372", "T")).isEmpty();
    assertThat(RoundedTokens.parse("9223371", "T")).isPresent();
    assertThat(RoundedTokens.parse("0.0001", "K")).isEmpty();
  }
}
