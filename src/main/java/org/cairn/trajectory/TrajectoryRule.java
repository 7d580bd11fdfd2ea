package org.cairn.trajectory;

import java.util.List;
import org.cairn.run.NewFinding;

/** Looks for one kind of fault in the weights of a run, tensor by tensor. */
interface TrajectoryRule {

  /** The class of its findings. */
  String findingClass();

  /** Takes the next tensor, at each checkpoint that has it, in the order of training. */
  void look(String tensor, List<TensorAt> through);

  /** After the last tensor. */
  List<NewFinding> findings();
}
