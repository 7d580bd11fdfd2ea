package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cairn.run.NewFinding;

/** How findings about checkpoints are written. */
final class Evidence {

  private Evidence() {}

  static ObjectNode of(ExaminedCheckpoint checkpoint) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("checkpoint", checkpoint.label())
        .put("step", checkpoint.step());
  }

  /** JSON has no infinity. */
  static double number(double value) {
    return Math.min(value, Double.MAX_VALUE);
  }

  static NewFinding finding(
      TrajectoryRule rule, ExaminedCheckpoint checkpoint, ObjectNode evidence) {
    return new NewFinding(
        checkpoint.id(), rule.findingClass(), "checkpoint " + checkpoint.label(), evidence);
  }
}
