package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoints of a chain do not lie on its trajectory (OTRRS 1.0.0, CKP-06): the way over one
 * is a detour, or its nearest neighbour in weight space is not adjacent. One that does not fit also
 * spoils what is measured of others, so the worst is taken out before the rest is looked at again.
 */
final class OffTrajectory {

  /** Fewer checkpoints make no trajectory. */
  static final int FEWEST = 4;

  /** Most that are taken out: where everything is far from everything there is no trajectory. */
  private static final int MOST = 50;

  private static final double LEAST_BOUND = 3;
  private static final double DEVIATIONS = 8;

  /**
   * One that does not fit. All checkpoints are numbers within the chain.
   *
   * @param nearest of the others
   * @param previous the one before it that fits; -1 for none
   * @param detour 1 for the first and the last
   * @param bound that the detours of this chain keep
   * @param nearestOf whose nearest neighbour is not adjacent, if that shows the fault; else it
   *     itself
   */
  record Outlier(
      int checkpoint,
      int nearest,
      int previous,
      int next,
      double detour,
      double bound,
      int nearestOf) {}

  private final Distances distances;
  private final boolean begins;
  private final boolean ends;
  private final List<Integer> rest;
  private final List<Outlier> found = new ArrayList<>();

  private OffTrajectory(Distances distances, List<Integer> members, boolean begins, boolean ends) {
    this.distances = distances;
    this.begins = begins;
    this.ends = ends;
    this.rest = new ArrayList<>(members);
  }

  /**
   * @param members of the chain, or of a part of it, in the order of training
   * @param begins whether the first of them is the first of the chain; the neighbour before it is
   *     not seen otherwise, and it is not judged
   * @param ends the same of the last one
   */
  static List<Outlier> of(
      Distances distances, List<Integer> members, boolean begins, boolean ends) {
    var search = new OffTrajectory(distances, members, begins, ends);
    while (search.rest.size() >= FEWEST && search.found.size() < MOST) {
      var outlier = search.worst();
      if (outlier == null) {
        break;
      }
      search.found.add(outlier);
      search.rest.remove(Integer.valueOf(outlier.checkpoint()));
    }
    return search.found;
  }

  private @Nullable Outlier worst() {
    int last = rest.size() - 1;
    var detours = IntStream.range(1, last).mapToDouble(this::detour).toArray();
    double bound = Distances.bound(detours, LEAST_BOUND, DEVIATIONS);
    int worst = longest(IntStream.range(1, last).boxed().toList());
    if (detour(worst) > bound) {
      return outlier(worst, bound, worst);
    }
    for (int i = begins ? 0 : 1; i <= (ends ? last : last - 1); i++) {
      int nearest = nearest(i);
      if (Math.abs(nearest - i) == 1) {
        continue;
      }
      if (i == 0 || i == last) {
        return outlier(i, bound, i);
      }
      // It may be the neighbour that is at the wrong place, or one that lies between.
      return outlier(longest(List.of(i, nearest, i - 1, i + 1)), bound, i);
    }
    return null;
  }

  private int longest(List<Integer> places) {
    int longest = places.getFirst();
    for (int place : places) {
      if (detour(place) > detour(longest)) {
        longest = place;
      }
    }
    return longest;
  }

  private Outlier outlier(int place, double bound, int nearestOf) {
    return new Outlier(
        rest.get(place),
        rest.get(nearest(place)),
        place == 0 ? -1 : rest.get(place - 1),
        place == rest.size() - 1 ? -1 : rest.get(place + 1),
        detour(place),
        bound,
        rest.get(nearestOf));
  }

  private double between(int i, int j) {
    return distances.between(rest.get(i), rest.get(j));
  }

  private double detour(int i) {
    return i == 0 || i == rest.size() - 1
        ? 1
        : Distances.detour(between(i - 1, i), between(i, i + 1), between(i - 1, i + 1));
  }

  /** An adjacent one, unless another is nearer than both. */
  private int nearest(int i) {
    int nearest = i == 0 ? 1 : i - 1;
    if (i > 0 && i < rest.size() - 1 && between(i, i + 1) < between(i, i - 1)) {
      nearest = i + 1;
    }
    for (int j = 0; j < rest.size(); j++) {
      if (j != i && between(i, j) < between(i, nearest)) {
        nearest = j;
      }
    }
    return nearest;
  }
}
