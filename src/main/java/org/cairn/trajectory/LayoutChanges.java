package org.cairn.trajectory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairn.run.NewFinding;

/**
 * Tensors that appear, vanish, or change their dtype or shape from one checkpoint of a segment to
 * the next: one finding for each checkpoint where that happens.
 */
final class LayoutChanges implements TrajectoryRule {

  private record Change(String tensor, String before, String after) {}

  private static final String ABSENT = "absent";

  private final List<ExaminedCheckpoint> checkpoints;
  private final Map<Integer, Sample<Change>> changes = new TreeMap<>();

  /** The checkpoint before each one in its segment; -1 for the first. */
  private final int[] previous;

  LayoutChanges(List<ExaminedCheckpoint> checkpoints) {
    this.checkpoints = checkpoints;
    this.previous = new int[checkpoints.size()];
    for (var launch : Chains.of(checkpoints, ExaminedCheckpoint::launch).all()) {
      for (int i = 0; i < launch.size(); i++) {
        previous[launch.get(i)] = i == 0 ? -1 : launch.get(i - 1);
      }
    }
  }

  @Override
  public String findingClass() {
    return "tensor-layout-changed";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    var layouts = new String[checkpoints.size()];
    for (var at : through) {
      layouts[at.checkpoint()] = at.layout();
    }
    for (int i = 0; i < layouts.length; i++) {
      if (previous[i] < 0) {
        continue;
      }
      var before = layouts[previous[i]] == null ? ABSENT : layouts[previous[i]];
      var after = layouts[i] == null ? ABSENT : layouts[i];
      if (!before.equals(after)) {
        changes
            .computeIfAbsent(i, checkpoint -> new Sample<>())
            .add(new Change(tensor, before, after));
      }
    }
  }

  @Override
  public List<NewFinding> findings() {
    return changes.entrySet().stream()
        .map(entry -> {
          var checkpoint = checkpoints.get(entry.getKey());
          var evidence = Evidence.of(checkpoint);
          evidence.put("previous", checkpoints.get(previous[entry.getKey()]).label());
          var tensors = entry.getValue().put(evidence, "tensors");
          for (var change : entry.getValue().first()) {
            tensors
                .addObject()
                .put("name", change.tensor())
                .put("before", change.before())
                .put("after", change.after());
          }
          return Evidence.finding(this, checkpoint, evidence);
        })
        .toList();
  }
}
