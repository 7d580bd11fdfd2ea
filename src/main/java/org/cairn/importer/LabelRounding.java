package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cairn.platform.RoundedTokens.Rounding;

/**
 * Labels of one release whose tokens are rounded by no common rule. Those of the first stage of
 * OLMo-2-1124-7B are rounded up (3,895.02 B is 3896B), those of the second down (50.04 B is 50B).
 */
final class LabelRounding {

  private LabelRounding() {}

  /** A label that is right, and the rules of rounding by which it is. */
  private record Rounded(String label, long tokens, Set<Rounding> rules) {}

  /** A claim of a label, and the tokens by which it is to be right. */
  record Exact(BatchClaims.Claim claim, long tokens) {

    /** Where each step of the label's counter reads so many; empty beyond 64 bits. */
    static Optional<Exact> of(BatchClaims.Claim claim, long tokensPerStep) {
      try {
        return Optional.of(new Exact(claim, Math.multiplyExact(claim.step(), tokensPerStep)));
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
    }
  }

  /** Labels that are wrong by every rule are left to {@link BatchClaims}. */
  static Optional<Fault> check(String what, Collection<Exact> labels) {
    var common = EnumSet.allOf(Rounding.class);
    var rounded = new ArrayList<Rounded>();
    for (var one : labels) {
      var rules = one.claim().tokens().rulesFrom(one.tokens());
      if (!rules.isEmpty()) {
        common.retainAll(rules);
        rounded.add(new Rounded(one.claim().label(), one.tokens(), rules));
      }
    }
    if (!common.isEmpty()) {
      return Optional.empty();
    }
    var evidence = JsonNodeFactory.instance.objectNode();
    var told = evidence.putArray("rules");
    for (var rules : distinct(rounded)) {
      var members = rounded.stream().filter(one -> one.rules().equals(rules)).toList();
      var group = told.addObject();
      var names = group.putArray("rounding");
      rules.forEach(rule -> names.add(rule.name().toLowerCase(Locale.ROOT)));
      group
          .put("labels", members.size())
          .put("example", members.getFirst().label())
          .put("tokensOfExample", members.getFirst().tokens());
    }
    return Optional.of(new Fault("label-rounding-inconsistent", "labels of " + what, evidence));
  }

  private static List<Set<Rounding>> distinct(List<Rounded> rounded) {
    return rounded.stream().map(Rounded::rules).distinct().toList();
  }
}
