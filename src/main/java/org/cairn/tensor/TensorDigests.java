package org.cairn.tensor;

import org.cairn.platform.Sha256;

/**
 * Digests of the bytes of a tensor.
 *
 * @param strict of the bytes as they lie in the file
 * @param loose with every negative zero made a positive one: checkpoints of Pythia were found that
 *     differ in signed zeros only
 */
record TensorDigests(Sha256 strict, Sha256 loose) {}
