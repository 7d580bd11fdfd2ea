package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.cairn.platform.Sha256;
import org.cairn.run.Explanation;
import org.jspecify.annotations.Nullable;

/** Steps in which training moved nothing, since the logs of a run give a learning rate of zero. */
final class RestingSteps {

  /** Most stretches that are kept; a schedule has a few. */
  private static final int MOST = 10_000;

  /**
   * Rows of a log, one after the other, that all give zero.
   *
   * @param from step of the weights before the first of these updates; rows of a log that begins at
   *     step 1 tell of the update that leads to their step, of one that begins at step 0 of the
   *     update that starts there
   * @param to step of the weights after the last of them
   * @param firstStep step of the first row
   */
  record Rest(
      String file, Sha256 sha256, long from, long to, long firstStep, long lastStep, long rows) {

    Explanation explanation() {
      var text =
          rows == 1
              ? "The learning rate was 0: %s, step %d.".formatted(file, firstStep)
              : "The learning rate was 0: %s, %d rows from step %d to step %d."
                  .formatted(file, rows, firstStep, lastStep);
      return new Explanation(
          text,
          JsonNodeFactory.instance
              .objectNode()
              .put("file", file)
              .put("sha256", sha256.hex())
              .put("learningRate", 0)
              .put("rows", rows)
              .put("firstStep", firstStep)
              .put("lastStep", lastStep));
    }
  }

  private final List<Rest> rests = new ArrayList<>();

  void add(Rest rest) {
    if (rests.size() < MOST) {
      rests.add(rest);
    }
  }

  /** The rest that covers all updates between two checkpoints, if there is one. */
  @Nullable Rest between(long from, long to) {
    return rests.stream()
        .filter(rest -> rest.from() <= from && to <= rest.to())
        .findFirst()
        .orElse(null);
  }
}
