package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cairn.access.Access;
import org.cairn.access.Thing;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.CheckpointSelection;
import org.cairn.checkpoint.CheckpointSelectionService;
import org.cairn.checkpoint.SelectedCheckpoint;
import org.cairn.platform.Sha256;
import org.cairn.tensor.StoredTensor;
import org.cairn.tensor.TensorService;

/** Finds one tensor at the checkpoints of runs, in a few statements for each run. */
@ApplicationScoped
class TensorSeriesService {

  /** Most checkpoints of one run, and of all runs of a request. */
  private static final int MOST_OF_RUN = 2000;

  private static final int MOST = 10_000;

  private final CheckpointSelectionService checkpoints;
  private final TensorService tensors;
  private final Access access;

  TensorSeriesService(
      CheckpointSelectionService checkpoints, TensorService tensors, Access access) {
    this.access = access;
    this.checkpoints = checkpoints;
    this.tensors = tensors;
  }

  TensorSeries ofRun(RunName run, CheckpointSelection selection, String name) {
    return find(List.of(run), false, selection, name);
  }

  TensorSeries ofRuns(List<RunName> runs, CheckpointSelection selection, String name) {
    runs.forEach(run -> access.requireReader(Thing.run(run.project(), run.run())));
    return find(runs, true, selection, name);
  }

  private TensorSeries find(
      List<RunName> runs, boolean severalRuns, CheckpointSelection selection, String name) {
    var selected = select(runs, selection);
    var byFile = new HashMap<Sha256, StoredTensor>();
    var files =
        selected.stream().flatMap(one -> one.checkpoint().files().stream()).distinct().toList();
    for (var tensor : tensors.named(files, name)) {
      byFile.putIfAbsent(tensor.file(), tensor);
    }
    var points = new ArrayList<TensorSeries.Point>();
    for (var one : selected) {
      tensor(one.checkpoint(), name, byFile)
          .ifPresent(
              tensor -> points.add(new TensorSeries.Point(one.run(), one.checkpoint(), tensor)));
    }
    if (points.isEmpty()) {
      throw RegistryException.notFound("tensor", name + where(runs, selected.size()));
    }
    return new TensorSeries(name, runs, severalRuns, points, selected.size() - points.size());
  }

  private record Selected(RunName run, SelectedCheckpoint checkpoint) {}

  private List<Selected> select(List<RunName> runs, CheckpointSelection selection) {
    var selected = new ArrayList<Selected>();
    for (var run : runs) {
      checkpoints
          .select(run.project(), run.run(), selection, MOST_OF_RUN)
          .forEach(checkpoint -> selected.add(new Selected(run, checkpoint)));
      if (selected.size() > MOST) {
        throw RegistryException.invalid(
            "points",
            "the runs have more than "
                + MOST
                + " checkpoints: choose some with spacing and points, or name fewer runs");
      }
    }
    return selected;
  }

  /**
   * The one of that spelling before one of that canonical name; where two files have it, the one
   * that the checkpoint's own address answers.
   */
  private static Optional<StoredTensor> tensor(
      SelectedCheckpoint checkpoint, String name, Map<Sha256, StoredTensor> byFile) {
    return checkpoint.files().stream()
        .map(byFile::get)
        .filter(Objects::nonNull)
        .min(
            Comparator.comparing((StoredTensor tensor) -> !tensor.name().equals(name))
                .thenComparing(tensor -> tensor.file().hex()));
  }

  private static String where(List<RunName> runs, int checkpoints) {
    var of = runs.size() == 1 ? "run " + runs.getFirst() : runs.size() + " runs";
    return " in any of the " + checkpoints + " checkpoints that were chosen of " + of;
  }
}
