package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a checkpoint exists. */
public enum CheckpointKind {
  /** Before the first update. */
  @JsonProperty("initial")
  INITIAL,
  /** The declared schedule asked for it. */
  @JsonProperty("scheduled")
  SCHEDULED,
  /** Saved beside the schedule. */
  @JsonProperty("extra")
  EXTRA,
  /** The last one of its stage and branch. */
  @JsonProperty("terminal")
  TERMINAL,
  /** Made from others, not saved by training: a soup, an average, a conversion. */
  @JsonProperty("derived")
  DERIVED;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
