package org.cairn.platform;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream at line feeds without ever holding more than one line of bounded length. */
public final class BoundedLines {

  private final InputStream in;
  private final int max;
  private byte[] buffer = new byte[4096];

  /**
   * @param max bytes of a line
   */
  public BoundedLines(InputStream in, int max) {
    this.in = in;
    this.max = max;
  }

  /**
   * The bytes of a line without its end; where it was longer than the limit only that fact is kept.
   */
  public static final class Line {
    private final byte[] bytes;
    private final boolean tooLong;

    private Line(byte[] bytes, boolean tooLong) {
      this.bytes = bytes;
      this.tooLong = tooLong;
    }

    public byte[] bytes() {
      return bytes;
    }

    public boolean tooLong() {
      return tooLong;
    }

    public boolean isBlank() {
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return !tooLong;
    }
  }

  /** The next line, or null at the end of the stream. */
  public @Nullable Line next() throws IOException {
    int length = 0;
    boolean tooLong = false;
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (length == max) {
        tooLong = true;
        continue;
      }
      if (length == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.min(max, buffer.length * 2));
      }
      buffer[length++] = (byte) b;
    }
    return new Line(tooLong ? new byte[0] : Arrays.copyOf(buffer, length), tooLong);
  }
}
