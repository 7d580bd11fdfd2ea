package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of the state of training. */
public enum Component {
  /** The model's parameters. */
  @JsonProperty("weights")
  WEIGHTS,
  /** Moments and master weights. */
  @JsonProperty("optimizer")
  OPTIMIZER,
  /** State of the learning-rate schedule. */
  @JsonProperty("scheduler")
  SCHEDULER,
  /** States of the random number generators. */
  @JsonProperty("rng")
  RNG,
  /** Position in the data order. */
  @JsonProperty("dataloader")
  DATALOADER;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
