package org.cairn.hub;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as clients of the Hub read them: always with three digits after the second. */
final class HubTime {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private HubTime() {}

  static String of(Instant time) {
    return FORMAT.format(time);
  }
}
