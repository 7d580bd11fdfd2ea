package org.cairn.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a safetensors file from its first byte to its last, in pieces of any size, and shows each
 * tensor to a visitor. Format: <a href="https://huggingface.co/docs/safetensors">safetensors</a>,
 * as the readers of 0.8.0 take it.
 *
 * @param <R> what the visitor of a tensor gathers
 */
final class SafetensorsScan<R> {

  private final SafetensorsBeginning beginning;
  private final Function<TensorEntry, TensorVisitor<R>> visitors;
  private long position;
  private long dataOffset;
  private @Nullable List<TensorEntry> entries;
  private final List<R> results = new ArrayList<>();
  private int next;
  private @Nullable TensorVisitor<R> current;

  /**
   * @param beginning of the file, also for other scans of it
   */
  SafetensorsScan(
      SafetensorsBeginning beginning, Function<TensorEntry, TensorVisitor<R>> visitors) {
    this.beginning = beginning;
    this.visitors = visitors;
  }

  /** Takes the next bytes of the file. */
  void add(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    int at = offset;
    int end = offset + length;
    while (at < end && entries == null) {
      int some = beginning.add(position, bytes, at, end - at);
      at += some;
      position += some;
      begin();
    }
    while (at < end) {
      at += data(bytes, at, end - at);
    }
  }

  /** Once this scan is at the end of the header too. */
  private void begin() {
    if (position == beginning.dataOffset()) {
      dataOffset = position;
      entries = beginning.entries();
      skipEmpty();
    }
  }

  private int data(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    var visitor = current;
    if (entries == null || visitor == null) {
      throw new MalformedSafetensorsException(
          "there are more bytes than the " + beginning.size() + " that were announced");
    }
    long end = dataOffset + entries.get(next).end();
    int some = (int) Math.min(length, end - position);
    visitor.add(bytes, offset, some);
    position += some;
    if (position == end) {
      results.add(visitor.result());
      next++;
      skipEmpty();
    }
    return some;
  }

  /** Goes on to the next tensor that has bytes. */
  private void skipEmpty() {
    var all = entries;
    current = null;
    while (all != null && current == null && next < all.size()) {
      var visitor = visitors.apply(all.get(next));
      if (all.get(next).size() > 0) {
        current = visitor;
      } else {
        results.add(visitor.result());
        next++;
      }
    }
  }

  /** After the last byte: what was gathered of each tensor, in the order of their bytes. */
  List<R> finish() throws MalformedSafetensorsException {
    if (position != beginning.size() || entries == null || next != entries.size()) {
      throw new MalformedSafetensorsException("the file ends within its header");
    }
    return List.copyOf(results);
  }
}
