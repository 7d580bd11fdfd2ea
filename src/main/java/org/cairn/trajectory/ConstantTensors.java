package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.cairn.run.NewFinding;

/**
 * Tensors whose elements are all the same, zero or another value: one finding for each tensor.
 * Norms begin as ones and biases as zeros, and in 16 bits they may stay so for the first steps: a
 * tensor that still is what it was at the first checkpoint is none, unless it never moved in
 * {@value #LONG} steps.
 */
final class ConstantTensors implements TrajectoryRule {

  /** After so many steps whatever is trained has moved. */
  private static final long LONG = 1_000;

  private final List<ExaminedCheckpoint> checkpoints;
  private final Chains lines;
  private final List<NewFinding> findings = new ArrayList<>();

  ConstantTensors(List<ExaminedCheckpoint> checkpoints) {
    this.checkpoints = checkpoints;
    this.lines = Chains.of(checkpoints, ExaminedCheckpoint::line);
  }

  @Override
  public String findingClass() {
    return "constant-tensor";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    var constant = new Sample<TensorAt>();
    boolean always = false;
    for (var line : lines.split(through)) {
      int start = 0;
      while (start < line.size() && line.get(start).sha256().equals(line.getFirst().sha256())) {
        start++;
      }
      boolean neverMoved = start == line.size() && span(line) >= LONG;
      line.subList(neverMoved ? 0 : start, line.size()).stream()
          .filter(TensorAt::constant)
          .forEach(constant::add);
      always |= neverMoved && line.getFirst().constant();
    }
    if (constant.count() == 0) {
      return;
    }
    var evidence = JsonNodeFactory.instance.objectNode();
    evidence.put("tensor", tensor);
    evidence.put("value", constant.first().getFirst().value());
    evidence.put("always", always);
    var labels = constant.put(evidence, "checkpoints");
    constant.first().forEach(at -> labels.add(checkpoints.get(at.checkpoint()).label()));
    findings.add(
        new NewFinding(
            checkpoints.get(constant.first().getFirst().checkpoint()).id(),
            findingClass(),
            "tensor " + tensor,
            evidence));
  }

  private long span(List<TensorAt> through) {
    return checkpoints.get(through.getLast().checkpoint()).position()
        - checkpoints.get(through.getFirst().checkpoint()).position();
  }

  @Override
  public List<NewFinding> findings() {
    return findings;
  }
}
