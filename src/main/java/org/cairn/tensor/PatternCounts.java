package org.cairn.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Statistics of elements of at most 16 bits: counts how often each pattern occurs, and computes
 * from the counts. So each element costs one increment whatever is asked of it, and the sums have
 * at most 65,536 terms, which {@link CompensatedSum} adds up: relative to the sum of the magnitudes
 * the error is below 2^-52, that of the rounding to a double. Elements of 4 and 6 bits are packed
 * from the least significant bit on.
 */
final class PatternCounts implements StatisticsGatherer {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Fewer than fit an int, so that no counter overflows before it is emptied. */
  private static final int FLUSH_AT = 1 << 30;

  private final TensorType type;
  private final int bits;
  private final long[] totals;

  /**
   * Elements take turns with the tables, so that equal neighbours do not wait for each other. There
   * are two of the large ones: what is used of four, a multiple of the cache's stride apart, does
   * not fit the first-level cache, and that costs more.
   */
  private final int[][] counts;

  private long uncollected;

  /** Bits of an element, or of a group of 24 bits, that the last piece cut. */
  private int pending;

  private int pendingBits;

  PatternCounts(TensorType type) {
    this.type = type;
    this.bits = type.bits();
    this.totals = new long[1 << bits];
    this.counts = new int[bits == 16 ? 2 : 4][1 << bits];
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end && pendingBits > 0) {
      single(bytes[at++]);
    }
    int whole = at + (end - at) / 8 * 8;
    if (bits == 16) {
      words(bytes, at, whole);
      at = whole;
    } else if (bits == 8) {
      octets(bytes, at, whole);
      at = whole;
    }
    while (at < end) {
      single(bytes[at++]);
    }
    uncollected += (long) length * 8 / bits + 1;
    if (uncollected >= FLUSH_AT) {
      collect();
    }
  }

  private void words(byte[] bytes, int from, int to) {
    int[] first = counts[0];
    int[] second = counts[1];
    for (int at = from; at < to; at += 8) {
      long word = (long) LONGS.get(bytes, at);
      first[(int) word & 0xffff]++;
      second[(int) (word >>> 16) & 0xffff]++;
      first[(int) (word >>> 32) & 0xffff]++;
      second[(int) (word >>> 48)]++;
    }
  }

  private void octets(byte[] bytes, int from, int to) {
    int[] first = counts[0];
    int[] second = counts[1];
    int[] third = counts[2];
    int[] fourth = counts[3];
    for (int at = from; at < to; at += 4) {
      first[bytes[at] & 0xff]++;
      second[bytes[at + 1] & 0xff]++;
      third[bytes[at + 2] & 0xff]++;
      fourth[bytes[at + 3] & 0xff]++;
    }
  }

  private void single(byte next) {
    pending |= (next & 0xff) << pendingBits;
    pendingBits += 8;
    while (pendingBits >= bits) {
      counts[0][pending & ((1 << bits) - 1)]++;
      pending >>>= bits;
      pendingBits -= bits;
    }
  }

  private void collect() {
    for (var table : counts) {
      for (int pattern = 0; pattern < table.length; pattern++) {
        totals[pattern] += table[pattern];
        table[pattern] = 0;
      }
    }
    uncollected = 0;
  }

  @Override
  public TensorStatistics result() {
    collect();
    var values = type.values16();
    long count = 0;
    long zeros = 0;
    long nans = 0;
    long infinities = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    var sum = new CompensatedSum();
    var magnitudes = new CompensatedSum();
    var squares = new CompensatedSum();
    for (int pattern = 0; pattern < values.length; pattern++) {
      long times = totals[pattern];
      double value = values[pattern];
      count += times;
      if (Double.isNaN(value)) {
        nans += times;
      } else if (Double.isInfinite(value)) {
        infinities += times;
      } else if (times > 0) {
        zeros += value == 0 ? times : 0;
        min = Math.min(min, value);
        max = Math.max(max, value);
        double exactly = (double) times; // no file has 2^53 elements
        sum.addProduct(exactly, value);
        magnitudes.addProduct(exactly, Math.abs(value));
        squares.addProduct(exactly, value * value);
      }
    }
    long finite = count - nans - infinities;
    if (finite == 0) {
      return TensorStatistics.nothingFinite(count, nans, infinities);
    }
    double mean = sum.value() / finite;
    var deviations = new CompensatedSum();
    for (int pattern = 0; pattern < values.length; pattern++) {
      if (totals[pattern] > 0 && Double.isFinite(values[pattern])) {
        double deviation = values[pattern] - mean;
        deviations.addProduct((double) totals[pattern], deviation * deviation);
      }
    }
    return new TensorStatistics(
        count,
        zeros,
        nans,
        infinities,
        min,
        max,
        mean,
        Math.sqrt(deviations.value() / finite),
        magnitudes.value(),
        Math.sqrt(squares.value()));
  }
}
