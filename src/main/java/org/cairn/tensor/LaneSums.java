package org.cairn.tensor;

import java.util.Arrays;

/**
 * Sums over finite elements that come in blocks: element i of a block goes to running sum i of
 * {@value #LANES}, so that no addition waits for the one before it and the compiler makes vectors
 * of the loops. After {@value #GROUP} blocks the running sums are folded in halves.
 *
 * <p>The deviations are squared about a centre near the mean, in the same pass as everything else.
 * The centre is the mean of the first block, and whenever the elements have doubled it moves to the
 * mean of all so far: about c, the squares are larger than about the mean m by n (m - c)^2 (Chan,
 * Golub and LeVeque, <a href="https://doi.org/10.1080/00031305.1983.10483115">Algorithms for
 * computing the sample variance</a>, 1983). If c is the mean of the first half, that is at most
 * half of what the second half added: it is n/4 of the squared difference between the means of the
 * halves, of which the squares about c have n/2. So nothing cancels that matters. (After a first
 * block that is not full the centre moves late, yet by a block only, whose sums are short.)
 *
 * <p>Error, before the final rounding:
 *
 * <ul>
 *   <li>The sum is compensated from its first element on, by Knuth's TwoSum: relative to the sum of
 *       the magnitudes it is below (266 * 2^-53)^2 < 2^-89 within a group, whose longest chain is
 *       {@value #GROUP} + 9 additions (Ogita, Rump and Oishi, <a
 *       href="https://doi.org/10.1137/030601818">Accurate sum and dot product</a>, 2005,
 *       proposition 4.5), and below 2^-104 for each group after that, by {@link CompensatedSum}.
 *   <li>The sum of the magnitudes, where nothing cancels, has as many roundings: below 266 * 2^-53
 *       < 3e-14 relative.
 *   <li>The squared deviations have three more, and at most double what they lose when the centre
 *       moves: below 2 * 270 * 2^-53 < 6e-14 relative, and their root below 3e-14. That is as long
 *       as the standard deviation is not below the 2^-52nd part of the mean, which the centre is
 *       rounded to; fewer than 2^55 floats that are not all equal are never so close.
 * </ul>
 */
final class LaneSums {

  static final int LANES = 512;
  private static final int GROUP = 256;

  private final double[] sums = new double[LANES];

  /** What was rounded off the sums. */
  private final double[] errors = new double[LANES];

  private final double[] absolutes = new double[LANES];
  private final double[] deviations = new double[LANES];
  private int blocks;

  private long count;
  private double centre;
  private long moveAt;
  private final CompensatedSum sum = new CompensatedSum();
  private final CompensatedSum magnitudes = new CompensatedSum();
  private final CompensatedSum squares = new CompensatedSum();

  /**
   * Takes the first {@code n} elements, at most {@value #LANES}, and all but the last time at least
   * half of that.
   */
  void add(double[] x, int n) {
    addAll(x, sums, errors, n);
    if (count == 0) {
      collectSums();
      centre = sum.value() / n;
    }
    addDeviations(x, centre, deviations, absolutes, n);
    count += n;
    blocks++;
    if (blocks == GROUP || count >= moveAt) {
      collect();
    }
    if (count >= moveAt) {
      moveCentre();
      moveAt = 2 * count;
    }
  }

  // The loops are methods of their own with nothing else in them, and take arrays and no fields:
  // so the compiler makes vectors of them. One loop for all four sums is slower than two.

  private static void addAll(double[] x, double[] sums, double[] errors, int n) {
    for (int i = 0; i < n; i++) {
      double old = sums[i];
      double next = old + x[i];
      double back = next - old;
      errors[i] += (old - (next - back)) + (x[i] - back);
      sums[i] = next;
    }
  }

  private static void addDeviations(
      double[] x, double centre, double[] deviations, double[] absolutes, int n) {
    for (int i = 0; i < n; i++) {
      double deviation = x[i] - centre;
      deviations[i] += deviation * deviation;
      absolutes[i] += Math.abs(x[i]);
    }
  }

  private void collectSums() {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        double old = sums[i];
        double term = sums[i + half];
        double next = old + term;
        double back = next - old;
        errors[i] += errors[i + half] + ((old - (next - back)) + (term - back));
        sums[i] = next;
      }
    }
    sum.add(sums[0]);
    sum.add(errors[0]);
    Arrays.fill(sums, 0);
    Arrays.fill(errors, 0);
  }

  private void collect() {
    collectSums();
    magnitudes.add(folded(absolutes));
    squares.add(folded(deviations));
    blocks = 0;
  }

  private static double folded(double[] lanes) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    double all = lanes[0];
    Arrays.fill(lanes, 0);
    return all;
  }

  private void moveCentre() {
    squares.add(-beyondMean());
    centre = sum.value() / count;
    squares.add(beyondMean()); // the mean is rounded
  }

  /** By how much the squares about the centre are larger than those about the mean. */
  private double beyondMean() {
    double distance = sum.minusProduct((double) count, centre) / count;
    return distance * distance * count;
  }

  /** After the last element. */
  void end() {
    collect();
  }

  long count() {
    return count;
  }

  double mean() {
    return sum.value() / count;
  }

  /** Sum of the magnitudes. */
  double magnitudes() {
    return magnitudes.value();
  }

  /** Sum of the squared deviations from the mean. */
  double squaredDeviations() {
    return Math.max(0, squares.value() - beyondMean());
  }
}
