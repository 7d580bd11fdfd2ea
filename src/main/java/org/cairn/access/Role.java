package org.cairn.access;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a token may do in a project; a writer may read too. */
public enum Role {
  READER,
  WRITER;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
