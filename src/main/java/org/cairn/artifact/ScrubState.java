package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a pass is. */
public enum ScrubState {
  RUNNING,
  DONE,
  CANCELLED;

  /** The spelling on the wire and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ScrubState parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
