package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a collection is. */
public enum PlanState {
  /** What nothing names is being looked for. */
  MARKING,
  /** The plan can be read, and is approved or cancelled. */
  WAITING,
  /** It will be carried out when the time of grace is over. */
  APPROVED,
  /** It is being carried out. */
  SWEEPING,
  DONE,
  CANCELLED;

  /** The spelling on the wire and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static PlanState parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
