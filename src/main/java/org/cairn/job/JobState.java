package org.cairn.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.cairn.api.Choice;

/** Where a job is in its life. */
public enum JobState {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** The spelling on the wire and in the table. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JobState parse(String text) {
    return Choice.of("state", values(), JobState::text, text);
  }
}
