package org.cairn.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Takes some elements out of a tensor as its bytes pass, so that checkpoints can be compared
 * without reading them again (OTRRS 1.0.0, CKP-06). The places depend on nothing but the number of
 * elements: the same ones are taken of the same tensor at every checkpoint, and a smaller sample is
 * the beginning of a larger one.
 */
final class WeightSampler implements TensorVisitor<WeightSample> {

  /** Up to so many elements the sample draws without putting back. */
  private static final int FEW = 1 << 10;

  private final ElementDecoder decoder;
  private final int width;

  /** The elements in the order of the sample, and in the order of their bytes. */
  private final long[] places;

  private final int[] byPlace;
  private final byte[] taken;
  private int next;
  private long position;

  private WeightSampler(TensorType type, long elements, int count) {
    this.decoder = new ElementDecoder(type);
    this.width = type.bits() / Byte.SIZE;
    this.places = places(elements, count);
    this.byPlace =
        IntStream.range(0, places.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> places[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.taken = new byte[places.length * width];
  }

  /**
   * One for a tensor of weights: none for integers, which do not move, and for elements that are
   * less than a byte.
   */
  static Optional<WeightSampler> of(TensorType type, long elements, int count) {
    return switch (type) {
      case F64, F32, F16, BF16, F8_E5M2, F8_E4M3, F8_E4M3FNUZ, F8_E5M2FNUZ ->
          Optional.of(new WeightSampler(type, elements, count));
      default -> Optional.empty();
    };
  }

  /**
   * How many elements to take of each tensor of a file: so many that {@link WeightSample#FILE} come
   * together where the tensors have them, and of a file of very many tensors a few of each.
   */
  static int count(List<TensorEntry> tensors) {
    var sizes = tensors.stream().mapToLong(TensorEntry::elements).sorted().toArray();
    long missing = WeightSample.FILE;
    for (int i = 0; i < sizes.length; i++) {
      long each = Math.ceilDiv(missing, sizes.length - i);
      if (sizes[i] >= each) {
        return (int) Math.max(each, WeightSample.LEAST);
      }
      missing -= sizes[i];
    }
    return WeightSample.FILE;
  }

  private static long[] places(long elements, int count) {
    if (elements > FEW) {
      return LongStream.range(0, Math.min(count, elements))
          .map(i -> Math.unsignedMultiplyHigh(random(i), elements))
          .toArray();
    }
    // Fisher and Yates, as far as it is wanted.
    var all = LongStream.range(0, elements).toArray();
    int some = Math.min(count, all.length);
    for (int i = 0; i < some; i++) {
      int j = i + (int) Math.unsignedMultiplyHigh(random(i), all.length - i);
      long place = all[j];
      all[j] = all[i];
      all[i] = place;
    }
    return Arrays.copyOf(all, some);
  }

  /** SplitMix64: Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014. */
  private static long random(long i) {
    long z = WeightSample.SEED + (i + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    long end = position + length;
    while (next < byPlace.length) {
      int which = byPlace[next];
      long first = places[which] * width;
      long from = Math.max(first, position);
      long to = Math.min(first + width, end);
      if (from < to) {
        System.arraycopy(
            bytes,
            offset + (int) (from - position),
            taken,
            which * width + (int) (from - first),
            (int) (to - from));
      }
      if (first + width > end) {
        break; // the rest of it comes later
      }
      next++;
    }
    position = end;
  }

  @Override
  public WeightSample result() {
    var values = new double[places.length];
    decoder.decode(taken, 0, places.length, values, 0);
    var sample = new float[values.length];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = (float) values[i];
    }
    return new WeightSample(sample);
  }
}
