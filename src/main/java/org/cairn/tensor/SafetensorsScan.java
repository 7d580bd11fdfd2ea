package org.cairn.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Bytes of the length of the header. */
  private static final int PREFIX = 8;

  /** Longest header that is kept as it is; those of real models are much shorter. */
  private static final int KEPT = 1 << 20;

  private final long size;
  private final Function<TensorEntry, TensorVisitor<R>> visitors;
  private long position;
  private long headerLength;
  private @Nullable SafetensorsHeader header;
  private @Nullable ByteArrayOutputStream kept;
  private @Nullable List<TensorEntry> entries;
  private final List<R> results = new ArrayList<>();
  private int next;
  private @Nullable TensorVisitor<R> current;

  /**
   * @param size of the file
   */
  SafetensorsScan(long size, Function<TensorEntry, TensorVisitor<R>> visitors) {
    this.size = size;
    this.visitors = visitors;
  }

  /** Takes the next bytes of the file. */
  void add(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    int at = offset;
    int end = offset + length;
    while (position < PREFIX && at < end) {
      headerLength |= (bytes[at++] & 0xffL) << (8 * position++);
      if (position == PREFIX) {
        begin();
      }
    }
    while (at < end && entries == null) {
      at += header(bytes, at, end - at);
    }
    while (at < end) {
      at += data(bytes, at, end - at);
    }
  }

  private void begin() throws MalformedSafetensorsException {
    if (headerLength < 0 || headerLength > SafetensorsHeader.MAX_LENGTH) {
      throw new MalformedSafetensorsException(
          "the header says it has %s bytes, at most %d are taken"
              .formatted(Long.toUnsignedString(headerLength), SafetensorsHeader.MAX_LENGTH));
    }
    if (headerLength > size - PREFIX) {
      throw new MalformedSafetensorsException(
          "the header says it has %d bytes, the file has %d after its length"
              .formatted(headerLength, size - PREFIX));
    }
    try {
      header = new SafetensorsHeader(size - PREFIX - headerLength);
      if (headerLength <= KEPT) {
        kept = new ByteArrayOutputStream((int) (PREFIX + headerLength));
        for (int i = 0; i < PREFIX; i++) {
          kept.write((int) (headerLength >>> (8 * i)));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read here", e);
    }
    if (headerLength == 0) {
      throw new MalformedSafetensorsException("the header is empty");
    }
  }

  private int header(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    var reader = header;
    if (reader == null) {
      throw new IllegalStateException("begin() has made it");
    }
    int some = (int) Math.min(length, PREFIX + headerLength - position);
    reader.feed(bytes, offset, some);
    if (kept != null) {
      kept.write(bytes, offset, some);
    }
    position += some;
    if (position == PREFIX + headerLength) {
      entries = reader.finish();
      skipEmpty();
    }
    return some;
  }

  private int data(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    var visitor = current;
    if (entries == null || visitor == null) {
      throw new MalformedSafetensorsException(
          "there are more bytes than the " + size + " that were announced");
    }
    long end = PREFIX + headerLength + entries.get(next).end();
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
    if (position != size || entries == null || next != entries.size()) {
      throw new MalformedSafetensorsException("the file ends within its header");
    }
    return List.copyOf(results);
  }

  /** Offset of the first byte of data in the file; known once the header was read. */
  long dataOffset() {
    return PREFIX + headerLength;
  }

  /** Everything before the data; null where that is too long to be kept. */
  @Nullable ByteBuffer beginning() {
    return kept == null ? null : ByteBuffer.wrap(kept.toByteArray());
  }

  /** The tensors in the order of their bytes; known once the header was read. */
  List<TensorEntry> entries() {
    return entries == null ? List.of() : entries;
  }

  /** What the writer of the file says about it; known once the header was read. */
  Map<String, String> metadata() {
    return header == null ? Map.of() : header.metadata();
  }
}
