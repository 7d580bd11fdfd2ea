package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a checkpoint is on its way to being immutable. */
public enum CheckpointState {
  /** It may still change. */
  @JsonProperty("draft")
  DRAFT,
  /**
   * Its list of files is fixed; it waits for their verification and for its manifest to be stored.
   */
  @JsonProperty("sealing")
  SEALING,
  /** It never changes again. */
  @JsonProperty("sealed")
  SEALED;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
