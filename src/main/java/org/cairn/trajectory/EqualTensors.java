package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.cairn.platform.Sha256;
import org.cairn.run.NewFinding;

/**
 * Tensors that are equal at two checkpoints though training went on between them: a shard of
 * another step, as Pythia-12b had, or a tensor that was copied. One finding for each pair of
 * checkpoints.
 *
 * <p>A tensor that comes back after having been different is one, and so is a large one that stays
 * the same from one checkpoint to the next only once; what stays the same for longer is frozen, and
 * small ones may rest below the precision of their type.
 */
final class EqualTensors implements TrajectoryRule {

  /** Fewer elements may come back by chance. */
  private static final long MANY = 16;

  /** Fewer elements may rest for a step. */
  private static final long LARGE = 1024;

  /** Most pairs of checkpoints that are told of. */
  private static final int MOST = 1_000;

  private record Pair(int earlier, int later) {}

  private static final class Equal {
    private final Sample<String> tensors = new Sample<>();
    private final TreeSet<String> files = new TreeSet<>();
  }

  private final List<ExaminedCheckpoint> checkpoints;
  private final Map<Pair, Equal> pairs = new LinkedHashMap<>();
  private final Chains lines;
  private final int[] tensorsOf;

  EqualTensors(List<ExaminedCheckpoint> checkpoints) {
    this.checkpoints = checkpoints;
    this.lines = Chains.of(checkpoints, ExaminedCheckpoint::line);
    this.tensorsOf = new int[checkpoints.size()];
  }

  @Override
  public String findingClass() {
    return "tensors-equal-to-another-step";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    through.forEach(at -> tensorsOf[at.checkpoint()]++);
    lines.split(through).forEach(line -> lookAlong(tensor, line));
  }

  private void lookAlong(String tensor, List<TensorAt> through) {
    var stretches = new HashMap<Sha256, List<List<TensorAt>>>();
    TensorAt before = null;
    for (var at : through) {
      var known = stretches.computeIfAbsent(at.sha256(), digest -> new ArrayList<>());
      if (before == null || !before.sha256().equals(at.sha256())) {
        known.add(new ArrayList<>());
      }
      known.getLast().add(at);
      before = at;
    }
    for (var known : stretches.values()) {
      var first = known.getFirst().getFirst();
      if (first.constant() || first.elements() < MANY) {
        continue;
      }
      for (int i = 1; i < known.size(); i++) {
        add(tensor, known.get(i - 1).getLast(), known.get(i).getFirst());
      }
      if (first.elements() >= LARGE && stretches.size() > 1) {
        known.stream()
            .filter(stretch -> stretch.size() == 2)
            .forEach(stretch -> add(tensor, stretch.getFirst(), stretch.getLast()));
      }
    }
  }

  private void add(String tensor, TensorAt earlier, TensorAt later) {
    var one = checkpoints.get(earlier.checkpoint());
    var other = checkpoints.get(later.checkpoint());
    // Whole checkpoints that are equal, and two records of one step, are told of elsewhere.
    if (one.weights().equals(other.weights()) || one.position() == other.position()) {
      return;
    }
    var pair = new Pair(earlier.checkpoint(), later.checkpoint());
    if (pairs.size() == MOST && !pairs.containsKey(pair)) {
      return;
    }
    var equal = pairs.computeIfAbsent(pair, key -> new Equal());
    equal.tensors.add(tensor);
    if (earlier.file().equals(later.file())) {
      equal.files.add(later.file().hex());
    }
  }

  @Override
  public List<NewFinding> findings() {
    return pairs.entrySet().stream()
        .map(entry -> {
          var earlier = checkpoints.get(entry.getKey().earlier());
          var later = checkpoints.get(entry.getKey().later());
          var evidence = Evidence.of(later);
          evidence.put("equalTo", earlier.label()).put("equalToStep", earlier.step());
          var tensors = entry.getValue().tensors.put(evidence, "tensors");
          entry.getValue().tensors.first().forEach(tensors::add);
          evidence.put("tensorsOfCheckpoint", tensorsOf[entry.getKey().later()]);
          var files = evidence.putArray("wholeFiles");
          entry.getValue().files.forEach(files::add);
          return new NewFinding(
              later.id(),
              findingClass(),
              "checkpoint " + later.label() + " and checkpoint " + earlier.label(),
              evidence);
        })
        .toList();
  }
}
