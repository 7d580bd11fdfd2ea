package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.cairn.platform.Sha256;
import org.cairn.run.NewFinding;

/**
 * Checkpoints of different steps that hold the same weights, bit for bit or but for the signs of
 * zeros: one finding for each set of them.
 */
final class EqualCheckpoints implements TrajectoryRule {

  private final List<ExaminedCheckpoint> checkpoints;
  private final RestingSteps resting;

  /**
   * @param resting steps between which training did not move
   */
  EqualCheckpoints(List<ExaminedCheckpoint> checkpoints, RestingSteps resting) {
    this.checkpoints = checkpoints;
    this.resting = resting;
  }

  @Override
  public String findingClass() {
    return "weights-equal-at-different-steps";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    // The digests of whole checkpoints tell it all.
  }

  @Override
  public List<NewFinding> findings() {
    var findings = new ArrayList<NewFinding>();
    for (var same : sets()) {
      var distinct = same.stream().map(ExaminedCheckpoint::weights).distinct().count();
      var evidence = JsonNodeFactory.instance.objectNode();
      evidence.put("looseWeightsDigest", same.getFirst().looseWeights().hex());
      evidence.put("equalBitForBit", distinct == 1);
      var list = evidence.putArray("checkpoints");
      same.forEach(checkpoint ->
          list.addObject()
              .put("label", checkpoint.label())
              .put("step", checkpoint.step())
              .put("weightsDigest", checkpoint.weights().hex()));
      var first = same.getFirst();
      var last = same.getLast();
      var rest =
          same.stream().allMatch(checkpoint -> checkpoint.launch().equals(first.launch()))
              ? resting.between(first.step(), last.step())
              : null;
      findings.add(
          new NewFinding(
              last.id(),
              findingClass(),
              "weights " + first.looseWeights().hex().substring(0, 16),
              evidence,
              rest == null ? null : rest.explanation()));
    }
    return findings;
  }

  /**
   * Sets of equal checkpoints, in the order of training. The first step of a stage that resumes is
   * the last one of the stage before: their positions are the same.
   */
  private List<List<ExaminedCheckpoint>> sets() {
    return sets(checkpoints);
  }

  static List<List<ExaminedCheckpoint>> sets(List<ExaminedCheckpoint> checkpoints) {
    var byDigest = new LinkedHashMap<Sha256, List<ExaminedCheckpoint>>();
    for (var checkpoint : checkpoints) {
      byDigest.computeIfAbsent(checkpoint.looseWeights(), key -> new ArrayList<>()).add(checkpoint);
    }
    return byDigest.values().stream()
        .filter(set -> set.stream().map(ExaminedCheckpoint::position).distinct().count() > 1)
        .toList();
  }
}
