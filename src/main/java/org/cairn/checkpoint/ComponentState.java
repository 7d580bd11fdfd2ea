package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a part of the state. */
public enum ComponentState {
  /** It is among the files. */
  @JsonProperty("present")
  PRESENT,
  /** It was not saved. */
  @JsonProperty("absent")
  ABSENT,
  /** It follows from the step and the configuration. */
  @JsonProperty("derivable")
  DERIVABLE,
  /** It was saved and is gone. */
  @JsonProperty("lost")
  LOST;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
