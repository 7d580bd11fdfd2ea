package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cairn.platform.Sha256;
import org.cairn.run.NewFinding;
import org.cairn.tensor.WeightSample;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that do not lie on the trajectory of their segment, by a sample of their weights: one
 * finding for each. A large tensor that makes a detour of its own, such as one that was swapped
 * with that of another step, is a fault of its checkpoint too.
 *
 * <p>What other rules tell of is not told again: checkpoints that are equal to others or not finite
 * are left out, and so are tensors that come back after having been different, or become constant.
 */
final class Continuity implements TrajectoryRule {

  /** Long chains are looked at in pieces of so many checkpoints; they overlap by two. */
  private static final int WINDOW = 512;

  /** A tensor must be large, and its way long, to be told of for itself. */
  private static final long LARGE = 1024;

  private static final double LEAST_BOUND = 4;
  private static final double DEVIATIONS = 16;

  /**
   * The same where another checkpoint has much the same tensor: it is likely to come from there.
   */
  private static final double LEAST_BOUND_WITH_DOUBLE = 2;

  private static final double DEVIATIONS_WITH_DOUBLE = 4;
  private static final double DOUBLE = 0.5;

  /** Part of its length that a tensor must have moved: what is less may be rounding. */
  private static final double MOVED = 0.02;

  private final List<ExaminedCheckpoint> checkpoints;
  private final List<Window> windows = new ArrayList<>();
  private final List<Distances> distances = new ArrayList<>();
  private final int[] sampled;
  private final Set<Integer> notFinite = new HashSet<>();
  private final Map<Integer, Sample<Jump>> jumps = new HashMap<>();

  /**
   * A part of a chain.
   *
   * @param begins whether the chain begins here
   */
  private record Window(List<Integer> members, boolean begins, boolean ends) {}

  private record Jump(String tensor, double detour) {}

  Continuity(List<ExaminedCheckpoint> checkpoints) {
    this.checkpoints = checkpoints;
    for (var launch : Chains.of(checkpoints, ExaminedCheckpoint::launch).all()) {
      var chain = withoutEquals(launch);
      for (int from = 0; chain.size() - from >= OffTrajectory.FEWEST; from += WINDOW - 2) {
        int to = Math.min(from + WINDOW, chain.size());
        windows.add(new Window(chain.subList(from, to), from == 0, to == chain.size()));
      }
    }
    windows.forEach(window -> distances.add(new Distances(window.members().size())));
    this.sampled = new int[windows.size()];
  }

  /** Of those that are equal one after the other the first; none that is equal to another one. */
  private List<Integer> withoutEquals(List<Integer> chain) {
    var seen = new HashSet<Sha256>();
    var again = new HashSet<Sha256>();
    var firsts = new ArrayList<Integer>();
    for (int checkpoint : chain) {
      var weights = checkpoints.get(checkpoint).looseWeights();
      if (firsts.isEmpty() || !weights.equals(checkpoints.get(firsts.getLast()).looseWeights())) {
        firsts.add(checkpoint);
        if (!seen.add(weights)) {
          again.add(weights);
        }
      }
    }
    firsts.removeIf(checkpoint -> again.contains(checkpoints.get(checkpoint).looseWeights()));
    return firsts;
  }

  @Override
  public String findingClass() {
    return "trajectory-discontinuity";
  }

  @Override
  public void look(String tensor, List<TensorAt> through) {
    var at = new TensorAt[checkpoints.size()];
    through.forEach(one -> at[one.checkpoint()] = one);
    for (int w = 0; w < windows.size(); w++) {
      var window = windows.get(w).members();
      var samples = samples(window, at);
      if (!samples.isEmpty()) {
        sampled[w] += samples.getFirst().length;
        distances.get(w).add(samples);
        if (at[window.getFirst()].elements() >= LARGE) {
          jumps(tensor, window, samples);
        }
      }
    }
  }

  /** None where the tensor is not the same thing all the way. */
  private List<float[]> samples(List<Integer> window, TensorAt[] at) {
    var samples = new ArrayList<float[]>();
    var seen = new HashSet<Sha256>();
    var infinite = new ArrayList<Integer>();
    var first = at[window.getFirst()];
    TensorAt before = null;
    for (int checkpoint : window) {
      var one = at[checkpoint];
      if (one == null
          || one.sample().values().length == 0
          || !one.shape().equals(first.shape())
          || isToldOf(one, before, seen)) {
        return List.of();
      }
      if (one.nans() + one.infinities() > 0) {
        infinite.add(checkpoint);
      }
      samples.add(finite(one.sample().values()));
      before = one;
    }
    if (infinite.size() == window.size()) {
      return List.of(); // a mask, such as the one that GPT-NeoX saves
    }
    notFinite.addAll(infinite);
    return samples;
  }

  private static boolean isToldOf(TensorAt one, @Nullable TensorAt before, Set<Sha256> seen) {
    if (before == null) {
      return !seen.add(one.sha256());
    }
    boolean moved = !before.sha256().equals(one.sha256());
    return moved && (!seen.add(one.sha256()) || one.constant());
  }

  private static float[] finite(float[] sample) {
    var finite = sample.clone();
    for (int i = 0; i < finite.length; i++) {
      finite[i] = Float.isFinite(finite[i]) ? finite[i] : 0;
    }
    return finite;
  }

  private void jumps(String tensor, List<Integer> window, List<float[]> samples) {
    var detours = new double[samples.size() - 2];
    for (int i = 0; i < detours.length; i++) {
      detours[i] =
          Distances.detour(
              distance(samples, i, i + 1),
              distance(samples, i + 1, i + 2),
              distance(samples, i, i + 2));
    }
    double bound = Distances.bound(detours, LEAST_BOUND, DEVIATIONS);
    double boundWithDouble =
        Distances.bound(detours, LEAST_BOUND_WITH_DOUBLE, DEVIATIONS_WITH_DOUBLE);
    for (int i = 0; i < detours.length; i++) {
      double moved = Math.min(distance(samples, i, i + 1), distance(samples, i + 1, i + 2));
      double length = Math.sqrt(Distances.square(samples.get(i), new float[samples.get(i).length]));
      boolean far =
          detours[i] > bound
              || (detours[i] > boundWithDouble && hasDouble(samples, i + 1, DOUBLE * moved));
      if (far && moved > MOVED * length) {
        jumps
            .computeIfAbsent(window.get(i + 1), checkpoint -> new Sample<>())
            .add(new Jump(tensor, detours[i]));
      }
    }
  }

  /** Whether one that is not adjacent is nearer than {@code near}. */
  private static boolean hasDouble(List<float[]> samples, int i, double near) {
    return IntStream.range(0, samples.size())
        .anyMatch(j -> Math.abs(j - i) > 1 && distance(samples, i, j) < near);
  }

  private static double distance(List<float[]> samples, int i, int j) {
    return Math.sqrt(Distances.square(samples.get(i), samples.get(j)));
  }

  @Override
  public List<NewFinding> findings() {
    Map<Integer, NewFinding> findings = new HashMap<>();
    for (int w = 0; w < windows.size(); w++) {
      var window = windows.get(w).members();
      var members = new ArrayList<Integer>();
      for (int i = 0; i < window.size(); i++) {
        if (!notFinite.contains(window.get(i))) {
          members.add(i);
        }
      }
      for (var outlier :
          OffTrajectory.of(
              distances.get(w), members, windows.get(w).begins(), windows.get(w).ends())) {
        int checkpoint = window.get(outlier.checkpoint());
        findings.putIfAbsent(checkpoint, finding(checkpoint, evidence(w, outlier)));
      }
    }
    jumps.keySet().stream()
        .filter(checkpoint -> !notFinite.contains(checkpoint))
        .forEach(checkpoint ->
            findings.computeIfAbsent(checkpoint, c -> finding(c, Evidence.of(checkpoints.get(c)))));
    return List.copyOf(findings.values());
  }

  private NewFinding finding(int checkpoint, ObjectNode evidence) {
    evidence.put("sampleSeed", WeightSample.SEED);
    var some = jumps.getOrDefault(checkpoint, new Sample<>());
    var tensors = some.put(evidence, "tensorsWithDetour");
    for (var jump : some.first()) {
      tensors.addObject().put("name", jump.tensor()).put("detour", Evidence.number(jump.detour()));
    }
    return Evidence.finding(this, checkpoints.get(checkpoint), evidence);
  }

  private ObjectNode evidence(int w, OffTrajectory.Outlier outlier) {
    var window = windows.get(w).members();
    var evidence = Evidence.of(checkpoints.get(window.get(outlier.checkpoint())));
    evidence.put("detour", Evidence.number(outlier.detour())).put("bound", outlier.bound());
    evidence.put("n", sampled[w]);
    other(evidence, "nearest", w, outlier.checkpoint(), outlier.nearest());
    other(evidence, "previous", w, outlier.checkpoint(), outlier.previous());
    other(evidence, "next", w, outlier.checkpoint(), outlier.next());
    if (outlier.nearestOf() != outlier.checkpoint()) {
      evidence.put("seenByNearestOf", checkpoints.get(window.get(outlier.nearestOf())).label());
    }
    return evidence;
  }

  private void other(ObjectNode evidence, String field, int w, int checkpoint, int other) {
    if (other >= 0) {
      var one = checkpoints.get(windows.get(w).members().get(other));
      evidence
          .putObject(field)
          .put("label", one.label())
          .put("step", one.step())
          .put("distance", distances.get(w).between(checkpoint, other));
    }
  }
}
