package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a run goes on, is over, or is kept only for the record. */
public enum RunStatus {
  RUNNING,
  FINISHED,
  RETRACTED;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RunStatus of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
