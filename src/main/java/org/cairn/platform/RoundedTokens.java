package org.cairn.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A count of tokens as a label prints it: {@code 50B} is 50 units of 1,000,000,000.
 *
 * @param value what is printed, in units
 * @param unit tokens; at least 1
 */
public record RoundedTokens(long value, long unit) {

  /** How an exact count became the one that is printed. */
  public enum Rounding {
    /** Up to the next unit. */
    @JsonProperty("ceiling")
    CEILING,
    /** Down to the unit before. */
    @JsonProperty("floor")
    FLOOR,
    /** To the unit that is nearest; from the middle up. */
    @JsonProperty("nearest")
    NEAREST
  }

  /** Reads digits, with a fraction or none, and one of K, M, B and T. Empty beyond 64 bits. */
  static Optional<RoundedTokens> parse(String digits, String unit) {
    var printed = new BigDecimal(digits);
    var factor =
        BigDecimal.TEN.pow(
            switch (unit) {
              case "K", "k" -> 3;
              case "M", "m" -> 6;
              case "B", "b" -> 9;
              default -> 12;
            });
    try {
      var one = factor.scaleByPowerOfTen(-printed.scale()).longValueExact();
      var value = printed.unscaledValue().longValueExact();
      var _ = Math.multiplyExact(value + 1, one);
      return Optional.of(new RoundedTokens(value, one));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** As a number of tokens. */
  public long tokens() {
    return value * unit;
  }

  /** By which rules an exact count comes to this; by none where it is another count. */
  public Set<Rounding> rulesFrom(long exact) {
    var rules = EnumSet.noneOf(Rounding.class);
    if (Math.ceilDiv(exact, unit) == value) {
      rules.add(Rounding.CEILING);
    }
    var whole = Math.floorDiv(exact, unit);
    if (whole == value) {
      rules.add(Rounding.FLOOR);
    }
    var rest = Math.floorMod(exact, unit);
    if ((rest >= unit - rest ? whole + 1 : whole) == value) {
      rules.add(Rounding.NEAREST);
    }
    return rules;
  }
}
