package org.cairn.artifact;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.cairn.api.Choice;

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
    return Choice.of("state", values(), UploadState::text, text);
  }
}
