package org.cairn.embedded;

/** A start that cannot succeed, with the one sentence to show instead of a stack trace. */
final class StartFailure extends RuntimeException {

  /** Anything that has no code of its own. */
  static final int FAILED = 1;

  /** Wrong arguments, and arguments that contradict the configuration; picocli's code, too. */
  static final int USAGE = 2;

  /** The port asked for is taken (EX_UNAVAILABLE). */
  static final int PORT_TAKEN = 69;

  /** PostgreSQL or the S3 server did not start, or ended while Cairn was running (EX_SOFTWARE). */
  static final int SERVERS = 70;

  /** The data folder cannot be written or is full (EX_CANTCREAT). */
  static final int DATA_FOLDER = 73;

  /** Another Cairn uses the data folder (EX_TEMPFAIL). */
  static final int IN_USE = 75;

  /** Neither a database configured nor the servers of the zero-configuration mode (EX_CONFIG). */
  static final int NOT_CONFIGURED = 78;

  private static final long serialVersionUID = 1;

  private final int exitCode;

  StartFailure(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  StartFailure(int exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
