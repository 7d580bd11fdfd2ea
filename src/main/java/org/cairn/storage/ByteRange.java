package org.cairn.storage;

/** {@code length} bytes from {@code offset} on; never empty, since no store can answer that. */
public record ByteRange(long offset, long length) {

  public ByteRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          "a range begins at 0 or later and has a byte at least: " + offset + "+" + length);
    }
  }

  /** Everything from {@code offset} to the end of an object of {@code size} bytes. */
  public static ByteRange from(long offset, long size) {
    return new ByteRange(offset, size - offset);
  }

  /** Position of the last byte. */
  public long last() {
    return offset + length - 1;
  }
}
