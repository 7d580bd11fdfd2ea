package org.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A tensor whose bytes were read.
 *
 * @param statistics null for types without an order, and for types that are not known
 */
record IndexedTensor(
    TensorEntry entry, TensorDigests digests, @Nullable TensorStatistics statistics) {}
