package org.cairn.trajectory;

import java.util.List;
import org.cairn.checkpoint.SelectedCheckpoint;
import org.cairn.tensor.StoredTensor;

/**
 * One tensor at checkpoints: in order of the runs, and within a run of training.
 *
 * @param name of the tensor
 * @param severalRuns whether the runs were named by the request, be it one of them
 * @param without checkpoints of the selection that do not have the tensor
 */
record TensorSeries(
    String name, List<RunName> runs, boolean severalRuns, List<Point> points, int without) {

  /** A checkpoint that has the tensor. */
  record Point(RunName run, SelectedCheckpoint checkpoint, StoredTensor tensor) {}

  /** How a point is called among the others. */
  String entry(Point point) {
    var label = point.checkpoint().label();
    return severalRuns ? point.run() + "@" + label : label;
  }

  /** How many points each run has, in order of the runs. */
  List<Long> counts() {
    return runs.stream()
        .map(run -> points.stream().filter(point -> point.run().equals(run)).count())
        .toList();
  }

  List<Long> steps() {
    return points.stream().map(point -> point.checkpoint().step()).toList();
  }
}
