package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is known about a digest. */
public enum ArtifactState {
  /** The bytes are here and are what they claim. */
  VERIFIED,
  /** The bytes have arrived and are being hashed. */
  VERIFYING,
  /** Nothing, or not all, has arrived. */
  MISSING,
  /** The newest upload did not hold what it claimed. */
  FAILED,
  /** The bytes were here, and what is stored is not what was verified: send them again. */
  DAMAGED;

  /** The spelling on the wire. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
