package org.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A tensor whose bytes were read.
 *
 * @param statistics null for types without an order, and for types that are not known
 * @param sample elements at the places of {@link WeightSampler}; null for types that it does not
 *     take
 */
record IndexedTensor(
    TensorEntry entry,
    TensorDigests digests,
    @Nullable TensorStatistics statistics,
    @Nullable WeightSample sample) {}
