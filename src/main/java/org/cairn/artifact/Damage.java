package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is wrong with a stored object. */
public enum Damage {
  /** Its bytes are not those that were verified. */
  FLIPPED,
  /** It ends too early. */
  TRUNCATED,
  /** It is not there. */
  MISSING;

  /** The spelling on the wire and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Damage parse(@Nullable String text) {
    return text == null ? null : valueOf(text.toUpperCase(Locale.ROOT));
  }
}
