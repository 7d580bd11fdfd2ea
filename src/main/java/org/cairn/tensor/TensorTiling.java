package org.cairn.tensor;

import static org.cairn.tensor.SafetensorsHeader.quoted;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds the tensors of a header against the data: each has the bytes that its type and shape need,
 * and together they tile the data exactly, without overlap and without holes.
 */
final class TensorTiling {

  /** Most tensors of one file. */
  static final int MAX_TENSORS = 200_000;

  private final long dataSize;
  private final List<TensorEntry> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  TensorTiling(long dataSize) {
    this.dataSize = dataSize;
  }

  void add(TensorEntry tensor) throws MalformedSafetensorsException {
    var name = quoted(tensor.name());
    if (!names.add(tensor.name())) {
      throw new MalformedSafetensorsException("tensor " + name + " is there twice");
    }
    if (tensors.size() == MAX_TENSORS) {
      throw new MalformedSafetensorsException("there are more than " + MAX_TENSORS + " tensors");
    }
    if (tensor.end() < tensor.begin() || tensor.end() > dataSize) {
      throw new MalformedSafetensorsException(
          "tensor %s lies at %d to %d of %d bytes"
              .formatted(name, tensor.begin(), tensor.end(), dataSize));
    }
    var type = TensorType.of(tensor.dtype());
    if (type.isPresent() && !fits(tensor, type.get().bits())) {
      throw new MalformedSafetensorsException(
          "tensor %s of type %s and shape %s does not have %d bytes"
              .formatted(name, tensor.dtype(), tensor.shape(), tensor.size()));
    }
    tensors.add(tensor);
  }

  private static boolean fits(TensorEntry tensor, int bits) {
    try {
      long total = Math.multiplyExact(tensor.elements(), (long) bits);
      return total % 8 == 0 && total / 8 == tensor.size();
    } catch (ArithmeticException e) {
      return false; // more than any file has
    }
  }

  /** The tensors in the order of their bytes. */
  List<TensorEntry> finish() throws MalformedSafetensorsException {
    tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    long position = 0;
    for (var tensor : tensors) {
      if (tensor.begin() != position) {
        throw new MalformedSafetensorsException(
            "tensor %s begins at %d, where %s"
                .formatted(
                    quoted(tensor.name()),
                    tensor.begin(),
                    tensor.begin() < position
                        ? "another one has its bytes up to " + position
                        : "nothing has the bytes from " + position));
      }
      position = tensor.end();
    }
    if (position != dataSize) {
      throw new MalformedSafetensorsException(
          "the tensors have %d bytes, the file has %d after its header"
              .formatted(position, dataSize));
    }
    return List.copyOf(tensors);
  }
}
