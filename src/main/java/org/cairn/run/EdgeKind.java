package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a segment or checkpoint came out of its parent. */
public enum EdgeKind {
  /** The same training went on. */
  RESUME("resume"),
  /** Another training began from the same state. */
  FORK("fork"),
  /** Only some of the parameters were taken over. */
  PARTIAL_WARM_START("partial-warm-start"),
  /** Weights of several parents were combined. */
  MERGE("merge"),
  /** The same weights in another shape. */
  CONVERSION("conversion");

  private final String wire;

  EdgeKind(String wire) {
    this.wire = wire;
  }

  @JsonValue
  @Override
  public String toString() {
    return wire;
  }

  static EdgeKind of(String wire) {
    for (var kind : values()) {
      if (kind.wire.equals(wire)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of edge: " + wire);
  }
}
