package org.cairn.hub;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of bytes at the beginning of a safetensors file, as clients ask for who read its header.
 */
record HeaderRange(long first, long last) {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

  /**
   * What huggingface_hub asks for when it does not know yet how long the header is. It looks at the
   * header only, so that is what it gets: a server may answer a part of a range, and says so in
   * Content-Range (RFC 9110, section 15.3.7).
   */
  private static final HeaderRange FIRST_LOOK = new HeaderRange(0, 100_000);

  /** Bytes and where they lie. */
  static final class Part {
    private final long first;
    private final byte[] bytes;

    private Part(long first, byte[] bytes) {
      this.first = first;
      this.bytes = bytes;
    }

    long first() {
      return first;
    }

    long last() {
      return first + bytes.length - 1;
    }

    int length() {
      return bytes.length;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  static Optional<HeaderRange> parse(String header) {
    var matcher = RANGE.matcher(header.strip());
    return matcher.matches()
        ? Optional.of(
            new HeaderRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /**
   * What can be answered of it.
   *
   * @param header everything before the data
   * @param size of the file
   */
  Optional<Part> within(byte[] header, long size) {
    if (first > last || first >= header.length) {
      return Optional.empty();
    }
    if (last < header.length) {
      return Optional.of(new Part(first, Arrays.copyOfRange(header, (int) first, (int) last + 1)));
    }
    // Who asks for all of a small file wants all of it.
    return equals(FIRST_LOOK) && last < size - 1
        ? Optional.of(new Part(0, header))
        : Optional.empty();
  }
}
