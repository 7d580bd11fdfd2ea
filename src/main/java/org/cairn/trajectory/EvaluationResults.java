package org.cairn.trajectory;

import java.math.BigDecimal;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation of one checkpoint came to.
 *
 * @param source file, and line where it has several evaluations
 * @param run the model as it is named there
 * @param step of the checkpoint
 * @param setting what has to be the same for two evaluations to be compared, such as {@code
 *     zero-shot}
 * @param batchSize as it is printed; null where it is not said
 * @param values by {@code task/metric}, as they are printed, standard errors left out
 */
public record EvaluationResults(
    String source,
    String run,
    long step,
    String setting,
    @Nullable String batchSize,
    SequencedMap<String, BigDecimal> values) {

  /** How many values both have, and how many of these are equal. */
  public Agreement with(EvaluationResults other) {
    int common = 0;
    int equal = 0;
    for (var value : values.entrySet()) {
      var another = other.values.get(value.getKey());
      if (another != null) {
        common++;
        equal += another.compareTo(value.getValue()) == 0 ? 1 : 0;
      }
    }
    return new Agreement(equal, common);
  }

  /** Values of two evaluations. */
  public record Agreement(int equal, int common) {

    /** Fewer values may be equal by chance. */
    private static final int ENOUGH = 5;

    public boolean isWhole() {
      return common >= ENOUGH && equal == common;
    }
  }
}
