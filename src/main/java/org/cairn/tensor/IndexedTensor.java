package org.cairn.tensor;

import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A tensor whose bytes were read.
 *
 * @param sha256 of its bytes as they lie in the file
 * @param looseSha256 of its bytes with every negative zero made a positive one
 * @param statistics null for types without an order, and for types that are not known
 */
record IndexedTensor(
    TensorEntry entry, Sha256 sha256, Sha256 looseSha256, @Nullable TensorStatistics statistics) {}
