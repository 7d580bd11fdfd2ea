package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which weights a checkpoint holds. */
public enum WeightsKind {
  /** As the optimizer left them. */
  @JsonProperty("raw")
  RAW,
  /** An exponential moving average over steps. */
  @JsonProperty("ema")
  EMA,
  /** Averaged over several checkpoints. */
  @JsonProperty("averaged")
  AVERAGED;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
