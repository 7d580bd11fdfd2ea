package org.cairn.trajectory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairn.run.NewFinding;

/** Weights that are NaN or infinite: one finding for each checkpoint that has some. */
final class NonFiniteWeights implements TrajectoryRule {

  private record Place(String tensor, long nans, long infinities) {}

  private final List<ExaminedCheckpoint> checkpoints;
  private final Map<Integer, Sample<Place>> places = new TreeMap<>();

  NonFiniteWeights(List<ExaminedCheckpoint> checkpoints) {
    this.checkpoints = checkpoints;
  }

  @Override
  public String findingClass() {
    return "non-finite-weights";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    for (var at : through) {
      if (at.nans() + at.infinities() > 0) {
        places
            .computeIfAbsent(at.checkpoint(), checkpoint -> new Sample<>())
            .add(new Place(tensor, at.nans(), at.infinities()));
      }
    }
  }

  @Override
  public List<NewFinding> findings() {
    return places.entrySet().stream()
        .map(entry -> {
          var checkpoint = checkpoints.get(entry.getKey());
          var evidence = Evidence.of(checkpoint);
          var tensors = entry.getValue().put(evidence, "tensors");
          for (var place : entry.getValue().first()) {
            tensors
                .addObject()
                .put("name", place.tensor())
                .put("nans", place.nans())
                .put("infinities", place.infinities());
          }
          return Evidence.finding(this, checkpoint, evidence);
        })
        .toList();
  }
}
