package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a file of a checkpoint is for. */
public enum FileRole {
  /** Tensors of the model. */
  @JsonProperty("weights")
  WEIGHTS,
  /** Which shard holds which tensor. */
  @JsonProperty("shard-index")
  SHARD_INDEX,
  /** Configuration of the architecture. */
  @JsonProperty("config")
  CONFIG,
  /** Vocabulary and merges. */
  @JsonProperty("tokenizer")
  TOKENIZER,
  /** State of the optimizer. */
  @JsonProperty("optimizer")
  OPTIMIZER,
  /** States of the random number generators. */
  @JsonProperty("rng")
  RNG,
  /** State of the data loader. */
  @JsonProperty("dataloader")
  DATALOADER,
  /** State of the schedule. */
  @JsonProperty("scheduler")
  SCHEDULER,
  /** Log of training. */
  @JsonProperty("log")
  LOG,
  /** Anything else. */
  @JsonProperty("other")
  OTHER;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
