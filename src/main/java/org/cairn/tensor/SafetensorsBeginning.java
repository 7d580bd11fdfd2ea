package org.cairn.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a safetensors file begins with, the length of its header and the header, for all who scan
 * the file: a header may name hundreds of megabytes of tensors, which are held once. Each of them
 * shows the bytes, on a thread of its own; whoever comes first with a byte has it read.
 */
final class SafetensorsBeginning {

  /** Bytes of the length of the header. */
  private static final int PREFIX = 8;

  /** Longest header that is kept as it is; those of real models are much shorter. */
  private static final int KEPT = 1 << 20;

  private final long size;
  private long position;
  private long headerLength;

  /** Only while the header is read: it knows all names once more. */
  private @Nullable SafetensorsHeader header;

  private @Nullable ByteArrayOutputStream kept;
  private List<TensorEntry> entries = List.of();
  private Map<String, String> metadata = Map.of();
  private @Nullable String fault;

  /**
   * @param size of the file
   */
  SafetensorsBeginning(long size) {
    this.size = size;
  }

  /**
   * Takes bytes of the file.
   *
   * @param at where they lie in it; nothing before that was left out
   * @return how many of them are not data
   */
  synchronized int add(long at, byte[] bytes, int offset, int length)
      throws MalformedSafetensorsException {
    rethrow();
    try {
      int next = offset + (int) Math.min(length, position - at);
      int end = offset + length;
      while (position < PREFIX && next < end) {
        headerLength |= (bytes[next++] & 0xffL) << (8 * position++);
        if (position == PREFIX) {
          begin();
        }
      }
      var reader = header;
      if (reader != null && next < end) {
        int some = (int) Math.min(end - next, PREFIX + headerLength - position);
        reader.feed(bytes, next, some);
        if (kept != null) {
          kept.write(bytes, next, some);
        }
        position += some;
        if (position == PREFIX + headerLength) {
          entries = reader.finish();
          metadata = reader.metadata();
          header = null;
        }
      }
    } catch (MalformedSafetensorsException e) {
      fault = e.getMessage();
      throw e;
    }
    return position < PREFIX ? length : (int) Math.min(length, PREFIX + headerLength - at);
  }

  /** The fault of the header is one for all of them. */
  private void rethrow() throws MalformedSafetensorsException {
    if (fault != null) {
      throw new MalformedSafetensorsException(fault);
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
    if (headerLength == 0) {
      throw new MalformedSafetensorsException("the header is empty");
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
  }

  long size() {
    return size;
  }

  /** Offset of the first byte of data in the file; known once the header was read. */
  synchronized long dataOffset() {
    return PREFIX + headerLength;
  }

  /** Everything before the data; null where that is too long to be kept. */
  synchronized @Nullable ByteBuffer bytes() {
    return kept == null ? null : ByteBuffer.wrap(kept.toByteArray());
  }

  /** The tensors in the order of their bytes; known once the header was read. */
  synchronized List<TensorEntry> entries() {
    return entries;
  }

  /** What the writer of the file says about it; known once the header was read. */
  synchronized Map<String, String> metadata() {
    return metadata;
  }
}
