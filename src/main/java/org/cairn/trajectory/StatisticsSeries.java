package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.checkpoint.SelectedCheckpoint;
import org.cairn.platform.Sha256;
import org.cairn.tensor.CanonicalNames;
import org.cairn.tensor.StoredTensor;
import org.cairn.tensor.TensorService;

/** Tensors of checkpoints, in order of training and then of their names. */
final class StatisticsSeries {

  /** Tensors that are read at once, and held. */
  static final int BATCH = 20_000;

  private final List<SelectedCheckpoint> checkpoints;
  private final StatisticsNames names;
  private final Set<String> spellings;
  private final TensorService tensors;
  private final CanonicalNames canonicalNames;

  StatisticsSeries(
      List<SelectedCheckpoint> checkpoints,
      StatisticsNames names,
      Set<String> spellings,
      TensorService tensors,
      CanonicalNames canonicalNames) {
    this.checkpoints = checkpoints;
    this.names = names;
    this.spellings = spellings;
    this.tensors = tensors;
    this.canonicalNames = canonicalNames;
  }

  /** How many tensors there are at most. */
  long size() {
    return (long) checkpoints.size() * spellings.size();
  }

  /** How many parts there are, of at most {@value #BATCH} tensors each. */
  int parts() {
    return spellings.isEmpty() ? 0 : Math.ceilDiv(checkpoints.size(), checkpointsOfAPart());
  }

  private int checkpointsOfAPart() {
    return Math.max(1, BATCH / spellings.size());
  }

  /** One part: one statement. */
  List<StatisticsPoint> part(int number) {
    int from = number * checkpointsOfAPart();
    int to = Math.min(checkpoints.size(), from + checkpointsOfAPart());
    var some = checkpoints.subList(from, to);
    var byFile =
        tensors.named(files(some), spellings).stream()
            .collect(Collectors.groupingBy(StoredTensor::file));
    var points = new ArrayList<StatisticsPoint>();
    for (var checkpoint : some) {
      points.addAll(points(checkpoint, byFile));
    }
    return points;
  }

  static Set<Sha256> files(Collection<SelectedCheckpoint> checkpoints) {
    return checkpoints.stream()
        .flatMap(checkpoint -> checkpoint.files().stream())
        .collect(Collectors.toSet());
  }

  private List<StatisticsPoint> points(
      SelectedCheckpoint checkpoint, Map<Sha256, List<StoredTensor>> byFile) {
    var there = new HashMap<String, StoredTensor>();
    for (var file : checkpoint.files()) {
      byFile
          .getOrDefault(file, List.of())
          .forEach(tensor -> there.putIfAbsent(tensor.name(), tensor));
    }
    return there.values().stream()
        .filter(tensor -> names.mean(tensor.name(), there.keySet()))
        .sorted(Comparator.comparing(StoredTensor::name))
        .map(tensor ->
            new StatisticsPoint(
                checkpoint, tensor, canonicalNames.canonical(tensor.name()).orElse(null)))
        .toList();
  }
}
