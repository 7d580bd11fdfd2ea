package org.cairn.storage;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Name of an object, or of a folder of objects: segments separated by slashes. Refuses what some
 * store, client or file system would rewrite, so that a key means the same everywhere.
 */
public record ObjectKey(String value) {

  /** Longest key in bytes of UTF-8: the limit of S3. */
  public static final int MAX_BYTES = 1024;

  public ObjectKey {
    if (value.isEmpty() || bytes(value) > MAX_BYTES) {
      throw new IllegalArgumentException("a key has 1 to " + MAX_BYTES + " bytes");
    }
    if (value.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
      throw new IllegalArgumentException("a key has neither backslashes nor control characters");
    }
    for (var segment : value.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("a key has no empty, . or .. segment: " + value);
      }
    }
  }

  /** The key of these segments; a segment may itself contain slashes. */
  public static ObjectKey of(String first, String... more) {
    return new ObjectKey(more.length == 0 ? first : first + "/" + String.join("/", more));
  }

  private static int bytes(String value) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(value)).limit();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a key is well-formed Unicode", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
