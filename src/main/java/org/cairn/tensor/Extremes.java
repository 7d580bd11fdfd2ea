package org.cairn.tensor;

/** Least and greatest of the elements of blocks, and how many of them are zero. */
final class Extremes {

  private static final int MAGNITUDE = 0x7fff_ffff;
  private static final int INFINITE = 0x7f80_0000;

  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long zeros;

  /** Takes the first {@code n} elements if all of them are finite, and else none. */
  boolean take(double[] x, int n) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
    }
    if (!Double.isFinite(low) || !Double.isFinite(high)) { // NaN is contagious
      return false;
    }
    int none = 0;
    for (int i = 0; i < n; i++) {
      none += x[i] == 0 ? 1 : 0;
    }
    merge(low, high, none);
    return true;
  }

  /**
   * The same of floats, given as their bits, as integers are what the compiler makes vectors of
   * here: with its magnitude inverted where it is negative, the bits of a float have the order of
   * the floats, and what is not finite lies outside of what is.
   */
  boolean take(int[] bits, int n) {
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    int some = 0;
    for (int i = 0; i < n; i++) {
      int key = ordered(bits[i]);
      low = Math.min(low, key);
      high = Math.max(high, key);
      some += -(bits[i] & MAGNITUDE) >>> 31; // 1 but for a magnitude of zero
    }
    if (high >= INFINITE || low <= ordered(INFINITE | Integer.MIN_VALUE)) {
      return false;
    }
    merge(Float.intBitsToFloat(ordered(low)), Float.intBitsToFloat(ordered(high)), n - some);
    return true;
  }

  /** Its own inverse. */
  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & MAGNITUDE);
  }

  private void merge(double low, double high, int none) {
    min = Math.min(min, low);
    max = Math.max(max, high);
    zeros += none;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  long zeros() {
    return zeros;
  }
}
