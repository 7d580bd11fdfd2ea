package org.cairn.artifact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An If-Match or If-None-Match header (RFC 9110, sections 8.8.3 and 13.1).
 *
 * @param any whether it is {@code *}
 * @param tags as they were sent, with quotes and {@code W/}
 */
record EntityTagList(boolean any, List<String> tags) {

  /** Reads a header; what is no entity tag is left out, and so matches nothing. */
  static EntityTagList parse(String header) {
    if (header.strip().equals("*")) {
      return new EntityTagList(true, List.of());
    }
    var tags = new ArrayList<String>();
    for (int at = 0; at < header.length(); ) {
      int open = header.indexOf('"', at);
      int close = open < 0 ? -1 : header.indexOf('"', open + 1);
      if (close < 0) {
        break;
      }
      var weak = open >= at + 2 && header.startsWith("W/", open - 2);
      tags.add((weak ? "W/" : "") + header.substring(open, close + 1));
      at = close + 1;
    }
    return new EntityTagList(false, List.copyOf(tags));
  }

  /** Whether an If-Match with this list holds: strong comparison. */
  boolean matches(String etag) {
    return any || tags.contains(etag);
  }

  /** Whether an If-None-Match with this list fails: weak comparison. */
  boolean matchesWeakly(String etag) {
    return any || tags.contains(etag) || tags.contains("W/" + etag);
  }

  static boolean matches(@Nullable String header, String etag) {
    return header == null || parse(header).matches(etag);
  }

  static boolean matchesWeakly(@Nullable String header, String etag) {
    return header != null && parse(header).matchesWeakly(etag);
  }
}
