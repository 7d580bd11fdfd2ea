package org.cairn.tensor;

/**
 * What the elements of a tensor are like.
 *
 * <p>{@code min} to {@code l2} are over the finite elements; all NaN where there is none. The
 * standard deviation is that of a population (divided by n), as NumPy's default is.
 *
 * @param count elements
 * @param zeros those equal to zero, of either sign
 * @param l1 sum of the magnitudes
 * @param l2 square root of the sum of the squares
 */
public record TensorStatistics(
    long count,
    long zeros,
    long nans,
    long infinities,
    double min,
    double max,
    double mean,
    double standardDeviation,
    double l1,
    double l2) {

  /** Of elements of which none is finite. */
  static TensorStatistics nothingFinite(long count, long nans, long infinities) {
    double none = Double.NaN;
    return new TensorStatistics(count, 0, nans, infinities, none, none, none, none, none, none);
  }

  /** Whether two finite elements or more are all the same. */
  public boolean constant() {
    return count - nans - infinities > 1 && min == max;
  }
}
