package org.cairn.cli;

import org.jspecify.annotations.Nullable;

/** A failure that is told to the user in one line, with the exit status that it means. */
class CliException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  CliException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  CliException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  /** Never null here, unlike what the general exception promises. */
  String text() {
    return String.valueOf(getMessage());
  }
}
