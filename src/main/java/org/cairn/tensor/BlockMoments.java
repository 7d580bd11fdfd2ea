package org.cairn.tensor;

import java.util.Arrays;

/**
 * Statistics of elements of 16 bits and more, in blocks of {@value #BLOCK}. A block is decoded to
 * doubles and read while it is in the first-level cache: once for sums, extremes and counts, once
 * for the squared deviations from its own mean, so that nothing cancels. The sums of the blocks are
 * added by {@link CompensatedSum}; the deviations are merged by Chan, Golub and LeVeque's formula.
 *
 * <p>Error: a sum is compensated from its first element on, so that the mean of elements that
 * cancel is right too: relative to the sum of the magnitudes it is below n * 2^-104 before the
 * final rounding. Magnitudes and squares, which do not cancel, have {@value #LANES} running sums
 * within a block, so at most BLOCK / LANES + 3 roundings: below 260 * 2^-53 < 3e-14 relative, and
 * nothing is added between blocks. 64-bit integers beyond 2^53 are rounded to doubles first.
 */
final class BlockMoments implements StatisticsGatherer {

  private static final int BLOCK = 2048;
  private static final int LANES = 8;

  private final ElementDecoder decoder;
  private final int width;
  private final double[] block = new double[BLOCK];
  private final double[] sums = new double[LANES];
  private final double[] errors = new double[LANES];
  private final double[] absolutes = new double[LANES];
  private int filled;

  /** An element that the last piece cut. */
  private final byte[] cut = new byte[8];

  private int cutLength;

  private long count;
  private long finite;
  private long zeros;
  private long nans;
  private long infinities;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private final CompensatedSum sum = new CompensatedSum();
  private final CompensatedSum magnitudes = new CompensatedSum();

  /** Of the finite elements so far: the mean, and the sum of the squared deviations from it. */
  private double mean;

  private final CompensatedSum deviations = new CompensatedSum();

  BlockMoments(TensorType type) {
    this.decoder = new ElementDecoder(type);
    this.width = type.bits() / 8;
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (cutLength > 0 && at < end) {
      cut[cutLength++] = bytes[at++];
      if (cutLength == width) {
        decode(cut, 0, 1);
        cutLength = 0;
      }
    }
    int elements = (end - at) / width;
    while (elements > 0) {
      int some = Math.min(elements, BLOCK - filled);
      decode(bytes, at, some);
      at += some * width;
      elements -= some;
    }
    while (at < end) {
      cut[cutLength++] = bytes[at++];
    }
  }

  private void decode(byte[] bytes, int offset, int elements) {
    decoder.decode(bytes, offset, elements, block, filled);
    filled += elements;
    if (filled == BLOCK) {
      takeBlock();
    }
  }

  private void takeBlock() {
    double[] x = block;
    int n = filled;
    filled = 0;
    count += n;
    double total = sum(n);
    if (!Double.isFinite(total)) {
      n = dropWhatIsNotFinite(n);
      if (n == 0) {
        return;
      }
      total = sum(n);
    }
    for (int lane = 0; lane < LANES; lane++) {
      sum.add(sums[lane]);
      sum.add(errors[lane]);
    }
    magnitudes.add(pairwise(absolutes));
    double low = min;
    double high = max;
    int none = 0;
    for (int i = 0; i < n; i++) {
      low = Math.min(low, x[i]);
      high = Math.max(high, x[i]);
    }
    for (int i = 0; i < n; i++) {
      none += x[i] == 0 ? 1 : 0;
    }
    min = low;
    max = high;
    zeros += none;
    merge(n, total / n);
  }

  /**
   * Adds up the block: by lanes into {@link #sums}, what that rounded off into {@link #errors}
   * (Knuth's TwoSum), and the magnitudes into {@link #absolutes}, where nothing cancels.
   */
  private double sum(int n) {
    double[] x = block;
    double[] s = sums;
    double[] e = errors;
    double[] a = absolutes;
    Arrays.fill(s, 0);
    Arrays.fill(e, 0);
    Arrays.fill(a, 0);
    int whole = n / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        double term = x[i + lane];
        double next = s[lane] + term;
        double back = next - s[lane];
        e[lane] += (s[lane] - (next - back)) + (term - back);
        s[lane] = next;
        a[lane] += Math.abs(term);
      }
    }
    for (int i = whole; i < n; i++) {
      int lane = i - whole;
      double next = s[lane] + x[i];
      double back = next - s[lane];
      e[lane] += (s[lane] - (next - back)) + (x[i] - back);
      s[lane] = next;
      a[lane] += Math.abs(x[i]);
    }
    return pairwise(s);
  }

  /** Moves the finite elements of the block to its beginning; a rare case, so not a fast one. */
  private int dropWhatIsNotFinite(int n) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(block[i])) {
        nans++;
      } else if (Double.isInfinite(block[i])) {
        infinities++;
      } else {
        block[kept++] = block[i];
      }
    }
    return kept;
  }

  private void merge(int n, double blockMean) {
    double[] x = block;
    double[] squares = new double[LANES];
    for (int i = 0; i + LANES <= n; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        double deviation = x[i + lane] - blockMean;
        squares[lane] += deviation * deviation;
      }
    }
    for (int i = n / LANES * LANES; i < n; i++) {
      double deviation = x[i] - blockMean;
      squares[i % LANES] += deviation * deviation;
    }
    double step = blockMean - mean;
    double share = (double) n / (finite + n);
    deviations.add(pairwise(squares));
    deviations.add(step * step * finite * share);
    finite += n;
    mean += step * share;
  }

  private static double pairwise(double[] lanes) {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }

  @Override
  public TensorStatistics result() {
    if (filled > 0) {
      takeBlock();
    }
    if (finite == 0) {
      return TensorStatistics.nothingFinite(count, nans, infinities);
    }
    double average = sum.value() / finite;
    double squared = deviations.value();
    return new TensorStatistics(
        count,
        zeros,
        nans,
        infinities,
        min,
        max,
        average,
        Math.sqrt(squared / finite),
        magnitudes.value(),
        Math.sqrt(squared + average * average * finite));
  }
}
