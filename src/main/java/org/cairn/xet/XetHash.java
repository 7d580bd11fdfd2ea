package org.cairn.xet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A hash as Xet spells it: its 32 bytes are four little-endian numbers, each printed with 16
 * digits. Here it is a name and no proof of anything: what clients may use it for ends with their
 * upload, and the SHA-256 of what comes out is what is checked.
 */
record XetHash(String text) {

  static final int BYTES = 32;

  private static final Pattern PATTERN = Pattern.compile("[0-9a-f]{64}");

  XetHash {
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException("a hash is 64 lower-case hexadecimal digits");
    }
  }

  /** The hash at this place of a binary format. */
  static XetHash of(ByteBuffer bytes, int position) {
    return new XetHash(text(bytes, position));
  }

  /** As {@link #of}, for what may be a hash of another kind in the same order of bytes. */
  static String text(ByteBuffer bytes, int position) {
    var little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    var text = new StringBuilder(2 * BYTES);
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      text.append(HexFormat.of().toHexDigits(little.getLong(position + i)));
    }
    return text.toString();
  }

  /** Writes the hash as binary formats have it. */
  void put(ByteBuffer bytes) {
    for (int i = 0; i < 2 * BYTES; i += 2 * Long.BYTES) {
      var number = HexFormat.fromHexDigitsToLong(text, i, i + 2 * Long.BYTES);
      bytes.putLong(bytes.order() == ByteOrder.LITTLE_ENDIAN ? number : Long.reverseBytes(number));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
