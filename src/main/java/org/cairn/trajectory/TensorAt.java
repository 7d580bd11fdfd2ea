package org.cairn.trajectory;

import org.cairn.platform.Sha256;
import org.cairn.tensor.WeightSample;

/**
 * A tensor at one checkpoint.
 *
 * @param checkpoint its place in the order of training
 * @param file digest of the file that it is in
 * @param layout dtype and shape, as {@code F16 [32, 128]}
 * @param nans elements that are NaN, and {@code infinities} those that are infinite; zero for types
 *     without an order
 * @param constant whether two finite elements or more are all the same
 * @param value of an element, where it is constant
 * @param sample elements at the places of {@link WeightSample}; empty for types of which none are
 *     taken
 */
record TensorAt(
    int checkpoint,
    Sha256 file,
    Sha256 sha256,
    String layout,
    long elements,
    long nans,
    long infinities,
    boolean constant,
    double value,
    WeightSample sample) {

  String shape() {
    return layout.substring(layout.indexOf(' ') + 1);
  }
}
