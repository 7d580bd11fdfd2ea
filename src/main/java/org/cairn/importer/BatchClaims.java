package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.RoundedTokens;
import org.cairn.platform.RoundedTokens.Rounding;

/**
 * Tokens that labels claim beside those of a configured batch. The labels of OLMo-7B are of batches
 * of 2,160 sequences, its configuration says 2,048.
 */
final class BatchClaims {

  /** Most batch sizes that are tried: labels that leave more open show none. */
  private static final long TRIED = 1_000;

  private BatchClaims() {}

  /** What one label says. */
  record Claim(String label, long step, RoundedTokens tokens) {}

  /**
   * A batch by which all labels come out right, and the rules of rounding that they then follow.
   */
  private record Implied(long sequences, Set<Rounding> rules) {}

  /** What a label says, if it says step and tokens. */
  static Optional<Claim> claim(String label) {
    var said = LabelGrammars.parse(label).orElse(null);
    if (said == null || said.step() == null || said.step() == 0 || said.tokens() == null) {
      return Optional.empty();
    }
    return Optional.of(new Claim(label, said.step(), said.tokens()));
  }

  static Optional<Fault> check(
      String configuration, long tokensPerStep, long sequenceLength, List<Claim> claims) {
    var wrong = claims.stream().filter(one -> rules(one, tokensPerStep).isEmpty()).toList();
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    var evidence =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", configuration)
            .put("tokensPerStep", tokensPerStep)
            .put("sequencesPerStep", tokensPerStep / sequenceLength);
    var implied = implied(sequenceLength, claims);
    var told = evidence.putArray("labels");
    for (var one : wrong) {
      var label = told.addObject().put("label", one.label()).put("step", one.step());
      put(label, "tokens", one.step(), tokensPerStep);
      implied.stream()
          .findFirst()
          .ifPresent(
              best -> put(label, "impliedTokens", one.step(), best.sequences() * sequenceLength));
    }
    implied.stream()
        .findFirst()
        .ifPresent(best -> evidence.put("impliedSequencesPerStep", best.sequences()));
    var all = evidence.putArray("sequencesThatFit");
    for (var one : implied) {
      var rules = all.addObject().put("sequences", one.sequences()).putArray("rounding");
      one.rules().forEach(rule -> rules.add(rule.name().toLowerCase(Locale.ROOT)));
    }
    return Optional.of(
        new Fault(
            "config-effective-mismatch",
            "configuration " + configuration + " and tokens of labels",
            evidence));
  }

  private static void put(ObjectNode label, String name, long step, long perStep) {
    label.put(name, BigInteger.valueOf(step).multiply(BigInteger.valueOf(perStep)));
  }

  /**
   * The rules by which a claim comes of such a batch; none where it is wrong, or beyond 64 bits.
   */
  static Set<Rounding> rules(Claim claim, long perStep) {
    try {
      return claim.tokens().rulesFrom(Math.multiplyExact(claim.step(), perStep));
    } catch (ArithmeticException e) {
      return Set.of();
    }
  }

  /** The batches by which every label is right under one rule, those of most factors 2 first. */
  private static List<Implied> implied(long sequenceLength, List<Claim> claims) {
    double least = 0;
    double most = Double.MAX_VALUE;
    for (var one : claims) {
      double steps = (double) one.step() * sequenceLength;
      least = Math.max(least, (one.tokens().tokens() - one.tokens().unit()) / steps);
      most = Math.min(most, (one.tokens().tokens() + one.tokens().unit()) / steps);
    }
    if (most - least > TRIED || most > Long.MAX_VALUE / (double) sequenceLength) {
      return List.of();
    }
    var fitting = new ArrayList<Implied>();
    for (long sequences = Math.max(1, (long) least); sequences <= most; sequences++) {
      var rules = EnumSet.allOf(Rounding.class);
      for (var one : claims) {
        rules.retainAll(rules(one, sequences * sequenceLength));
      }
      if (!rules.isEmpty()) {
        fitting.add(new Implied(sequences, rules));
      }
    }
    fitting.sort(
        Comparator.comparingInt((Implied one) -> -Long.numberOfTrailingZeros(one.sequences())));
    return fitting;
  }
}
