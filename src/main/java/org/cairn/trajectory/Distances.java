package org.cairn.trajectory;

import java.util.Arrays;
import java.util.List;

/** Distances (L2) between each two of some checkpoints, gathered tensor by tensor. */
final class Distances {

  /** Squares, of the lower triangle. */
  private final double[] squares;

  Distances(int checkpoints) {
    this.squares = new double[checkpoints * (checkpoints - 1) / 2];
  }

  /** Takes the same elements of each checkpoint. */
  void add(List<float[]> samples) {
    for (int i = 1; i < samples.size(); i++) {
      for (int j = 0; j < i; j++) {
        squares[index(i, j)] += square(samples.get(i), samples.get(j));
      }
    }
  }

  double between(int i, int j) {
    return i == j ? 0 : Math.sqrt(squares[index(Math.max(i, j), Math.min(i, j))]);
  }

  private static int index(int i, int j) {
    return i * (i - 1) / 2 + j;
  }

  /** Four sums, so that no addition waits for the one before. */
  static double square(float[] a, float[] b) {
    int length = Math.min(a.length, b.length);
    double one = 0;
    double two = 0;
    double three = 0;
    double four = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      one += square(a[i], b[i]);
      two += square(a[i + 1], b[i + 1]);
      three += square(a[i + 2], b[i + 2]);
      four += square(a[i + 3], b[i + 3]);
    }
    for (; i < length; i++) {
      one += square(a[i], b[i]);
    }
    return one + two + three + four;
  }

  private static double square(float a, float b) {
    double difference = (double) a - b;
    return difference * difference;
  }

  /** Length of the way over a point, against the way without it. */
  static double detour(double there, double onwards, double direct) {
    double over = there + onwards;
    return over == 0 ? 1 : over / direct;
  }

  /**
   * Above which detours are too long: so many median absolute deviations above the median, and no
   * less than {@code least}.
   */
  static double bound(double[] detours, double least, double deviations) {
    double median = median(detours);
    return Math.max(
        least,
        median
            + deviations * median(Arrays.stream(detours).map(d -> Math.abs(d - median)).toArray()));
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
