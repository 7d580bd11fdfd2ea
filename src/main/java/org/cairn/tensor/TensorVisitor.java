package org.cairn.tensor;

/**
 * Takes the bytes of one tensor in order, in pieces of any size, and says what they came to.
 *
 * @param <R> what is gathered
 */
interface TensorVisitor<R> {

  /** Takes the next bytes: little-endian elements, of which the last may be cut. */
  void add(byte[] bytes, int offset, int length);

  /** After the last byte. */
  R result();
}
