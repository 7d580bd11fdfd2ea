package org.cairn.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.cairn.api.RegistryException;

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
    return Arrays.stream(values())
        .filter(state -> state.text().equals(text))
        .findAny()
        .orElseThrow(() ->
            RegistryException.invalid(
                "state", "must be one of " + Arrays.stream(values()).map(JobState::text).toList()));
  }
}
