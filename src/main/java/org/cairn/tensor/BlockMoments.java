package org.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Statistics of elements of 16 bits and more, in blocks of {@value #BLOCK}. A block is decoded to
 * doubles and looked at while it is in the first-level cache, by {@link Extremes} and {@link
 * LaneSums}, which tells the errors. 64-bit integers beyond 2^53 are rounded to doubles first.
 */
final class BlockMoments implements StatisticsGatherer {

  private static final int BLOCK = LaneSums.LANES;

  private final ElementDecoder decoder;
  private final int width;
  private final double[] block = new double[BLOCK];

  /** The bits of the block, of floats only. */
  private final int @Nullable [] bits;

  private int filled;

  /** An element that the last piece cut. */
  private final byte[] cut = new byte[8];

  private int cutLength;

  private long count;
  private long nans;
  private long infinities;
  private final Extremes extremes = new Extremes();
  private final LaneSums sums = new LaneSums();

  BlockMoments(TensorType type) {
    this.decoder = new ElementDecoder(type);
    this.width = type.bits() / 8;
    this.bits = type == TensorType.F32 ? new int[BLOCK] : null;
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
    if (bits != null) {
      ElementDecoder.copy(bytes, offset, elements, bits, filled);
    }
    count += elements;
    filled += elements;
    if (filled == BLOCK) {
      takeBlock(BLOCK / 2);
    }
  }

  /** Takes the block, but not yet where fewer than {@code least} of it are finite. */
  private void takeBlock(int least) {
    if (!takeExtremes()) {
      dropWhatIsNotFinite();
      if (filled < least) {
        return;
      }
      takeExtremes();
    }
    sums.add(block, filled);
    filled = 0;
  }

  private boolean takeExtremes() {
    return bits == null ? extremes.take(block, filled) : extremes.take(bits, filled);
  }

  /** Moves the finite elements of the block to its beginning; a rare case, so not a fast one. */
  private void dropWhatIsNotFinite() {
    int kept = 0;
    for (int i = 0; i < filled; i++) {
      if (Double.isNaN(block[i])) {
        nans++;
      } else if (Double.isInfinite(block[i])) {
        infinities++;
      } else {
        block[kept] = block[i];
        if (bits != null) {
          bits[kept] = bits[i];
        }
        kept++;
      }
    }
    filled = kept;
  }

  @Override
  public TensorStatistics result() {
    if (filled > 0) {
      takeBlock(1);
    }
    long finite = sums.count();
    if (finite == 0) {
      return TensorStatistics.nothingFinite(count, nans, infinities);
    }
    sums.end();
    double mean = sums.mean();
    // Equal elements do not deviate, even where their mean is rounded.
    double squared = extremes.min() == extremes.max() ? 0 : sums.squaredDeviations();
    return new TensorStatistics(
        count,
        extremes.zeros(),
        nans,
        infinities,
        extremes.min(),
        extremes.max(),
        mean,
        Math.sqrt(squared / finite),
        sums.magnitudes(),
        Math.sqrt(squared + mean * mean * finite));
  }
}
