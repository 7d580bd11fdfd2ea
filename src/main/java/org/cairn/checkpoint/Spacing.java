package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How a few checkpoints are chosen from a trajectory. */
public enum Spacing {
  /** Evenly over log(1 + position). */
  @JsonProperty("log")
  LOG,
  /** Evenly over the position. */
  @JsonProperty("linear")
  LINEAR;

  /** For query parameters. */
  public static Spacing fromString(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
