package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What became of a finding. */
public enum FindingStatus {
  OPEN,
  EXPLAINED,
  FIXED;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static boolean isStatus(String wire) {
    return Arrays.stream(values()).anyMatch(status -> status.toString().equals(wire));
  }

  static FindingStatus of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
