package org.cairn.tensor;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the elements of a tensor came to.
 *
 * @param statistics null for types without an order, and for types that are not known
 * @param sample null for types that {@link WeightSampler} does not take
 */
record TensorValues(@Nullable TensorStatistics statistics, @Nullable WeightSample sample) {

  /**
   * Takes a tensor of any type.
   *
   * @param sampled how many elements to take for the sample
   */
  static TensorVisitor<TensorValues> visitor(TensorEntry tensor, int sampled) {
    var type = TensorType.of(tensor.dtype());
    var gatherer =
        type.filter(known -> known != TensorType.C64)
            .map(known -> StatisticsGatherer.of(known, tensor.elements()));
    Optional<WeightSampler> sampler =
        type.flatMap(known -> WeightSampler.of(known, tensor.elements(), sampled));
    return new TensorVisitor<>() {
      @Override
      public void add(byte[] bytes, int offset, int length) {
        gatherer.ifPresent(statistics -> statistics.add(bytes, offset, length));
        sampler.ifPresent(sample -> sample.add(bytes, offset, length));
      }

      @Override
      public TensorValues result() {
        return new TensorValues(
            gatherer.map(StatisticsGatherer::result).orElse(null),
            sampler.map(WeightSampler::result).orElse(null));
      }
    };
  }
}
