package org.cairn.artifact;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.cairn.storage.ByteRange;
import org.jspecify.annotations.Nullable;

/** What part of the bytes a GET asks for (RFC 9110, section 14). */
sealed interface RangeRequest {

  /** All of it: no range was asked for, or one that a server ignores. */
  record Whole() implements RangeRequest {}

  /** One range, cut at the end of the bytes. */
  record Part(ByteRange range) implements RangeRequest {}

  /** No byte lies in the range. */
  record Unsatisfiable() implements RangeRequest {}

  /** Room for two numbers of 64 bits and more; longer ones are as good as infinite. */
  Pattern SINGLE = Pattern.compile("(?i:bytes)=[ \t]*([0-9]{0,100})-([0-9]{0,100})[ \t]*");

  RangeRequest WHOLE = new Whole();
  RangeRequest UNSATISFIABLE = new Unsatisfiable();

  /**
   * Reads the headers of a request for {@code size} bytes with this strong entity tag. Several
   * ranges, unknown units and what does not parse are ignored, as the RFC allows and asks.
   */
  static RangeRequest of(@Nullable String range, @Nullable String ifRange, String etag, long size) {
    // A date never matches: these bytes have no Last-Modified.
    if (range == null || (ifRange != null && !ifRange.strip().equals(etag))) {
      return WHOLE;
    }
    var matcher = SINGLE.matcher(range.strip());
    if (!matcher.matches()) {
      return WHOLE;
    }
    var first = matcher.group(1);
    var last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? WHOLE : suffix(number(last), size);
    }
    return interval(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last), size);
  }

  private static RangeRequest interval(long first, long last, long size) {
    if (last < first) {
      return WHOLE; // no range at all, so not one that cannot be satisfied
    }
    if (first >= size) {
      return UNSATISFIABLE;
    }
    return new Part(new ByteRange(first, Math.min(last, size - 1) - first + 1));
  }

  private static RangeRequest suffix(long length, long size) {
    if (length == 0) {
      return UNSATISFIABLE;
    }
    if (size == 0) {
      return WHOLE; // satisfiable by the letter, but no Content-Range can say it
    }
    var offset = Math.max(0, size - length);
    return new Part(new ByteRange(offset, size - offset));
  }

  /** The number, or the largest there is. */
  private static long number(String digits) {
    return new BigInteger(digits).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }
}
