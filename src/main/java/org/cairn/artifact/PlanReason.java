package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why something is in a plan. */
public enum PlanReason {
  /** An artifact that nothing names. */
  UNREFERENCED,
  /** An object of an upload that is over, and no artifact's. */
  ORPHAN,
  /** A small object of which the catalogue says that nobody will ever need it. */
  ABANDONED,
  /** An unfinished upload of the store that belongs to no upload. */
  STALE_UPLOAD,
  /** An object that the catalogue does not know: kept. */
  UNKNOWN,
  /** An object that proves that the catalogue is older than the bucket: everything is kept. */
  AHEAD;

  /** The spelling on the wire and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static PlanReason parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
