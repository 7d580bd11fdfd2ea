package org.cairn.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Sizes and times for people's eyes. */
final class Sizes {

  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB", "PB", "EB");

  private Sizes() {}

  /** Decimal units, as disks and object stores are sold and billed. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit < UNITS.size() - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
  }

  static String time(Duration time) {
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
