package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.cairn.api.RegistryException;

/** Where an upload is in its life. Public like its spelling: the contract is made from it. */
public enum UploadState {
  OPEN,
  VERIFYING,
  VERIFIED,
  FAILED,
  ABORTED;

  /** The spelling on the wire and in the table. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static UploadState parse(String text) {
    return Arrays.stream(values())
        .filter(state -> state.text().equals(text))
        .findAny()
        .orElseThrow(() ->
            RegistryException.invalid(
                "state",
                "must be one of " + Arrays.stream(values()).map(UploadState::text).toList()));
  }
}
