package org.cairn.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Chooses a few of many steps so that they are evenly spaced on an axis. */
final class LogSpacing {

  private LogSpacing() {}

  /**
   * Indexes of at most {@code points} of {@code steps}, evenly spaced over log(1 + step); first and
   * last are always among them. Early steps are dense in integers, so a plain geometric grid would
   * hit the same step several times and give fewer points than asked for: the grid is refined until
   * it hits {@code points} different ones.
   *
   * @param steps ascending
   */
  static List<Integer> logarithmic(long[] steps, int points) {
    return choose(java.util.Arrays.stream(steps).mapToDouble(Math::log1p).toArray(), points);
  }

  /** As {@link #logarithmic}, over the step itself. */
  static List<Integer> linear(long[] steps, int points) {
    return choose(java.util.Arrays.stream(steps).asDoubleStream().toArray(), points);
  }

  private static List<Integer> choose(double[] axis, int points) {
    if (axis.length <= points) {
      var all = new ArrayList<Integer>(axis.length);
      for (int i = 0; i < axis.length; i++) {
        all.add(i);
      }
      return all;
    }
    if (points == 1) {
      return List.of(axis.length - 1);
    }
    // The finest grid that still gives no more than `points`; each refinement adds targets, never
    // removes hits' ends.
    int low = points;
    int high = points;
    while (high < 64 * axis.length && hits(axis, high).size() <= points) {
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (hits(axis, middle).size() <= points) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return List.copyOf(hits(axis, low));
  }

  private static java.util.NavigableSet<Integer> hits(double[] axis, int targets) {
    var chosen = new TreeSet<Integer>();
    double first = axis[0];
    double width = axis[axis.length - 1] - first;
    int at = 0;
    for (int i = 0; i < targets; i++) {
      double target = first + width * i / (targets - 1);
      while (at + 1 < axis.length
          && Math.abs(axis[at + 1] - target) <= Math.abs(axis[at] - target)) {
        at++;
      }
      chosen.add(at);
    }
    chosen.add(0);
    chosen.add(axis.length - 1);
    return chosen;
  }
}
