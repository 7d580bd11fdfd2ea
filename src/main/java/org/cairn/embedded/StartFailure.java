package org.cairn.embedded;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** A start that cannot succeed, with the one sentence to show instead of a stack trace. */
final class StartFailure extends RuntimeException {

  /** Anything that has no code of its own. */
  static final int FAILED = 1;

  /** Wrong arguments, and arguments that contradict the configuration; picocli's code, too. */
  static final int USAGE = 2;

  /** A rebuild that could not bring back everything sealed (EX_DATAERR). */
  static final int LOST = 65;

  /** A rebuild of a catalogue that is not empty, or at which somebody else is (EX_NOINPUT). */
  static final int NOT_EMPTY = 66;

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

  /** Stopped by SIGINT (Ctrl-C) or SIGTERM, in order: 128 and the number of the signal. */
  private static final String SIGNALS = "130, 143";

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

  /** What each exit code means, in words for the help. */
  static SequencedMap<String, String> meanings() {
    var meanings = new LinkedHashMap<String, String>();
    meanings.put(String.valueOf(FAILED), "failed in another way; the log says how");
    meanings.put(
        String.valueOf(USAGE), "wrong command line, or one that contradicts the configuration");
    meanings.put(
        String.valueOf(LOST), "rebuild: something sealed could not be brought back; it is listed");
    meanings.put(
        String.valueOf(NOT_EMPTY),
        "rebuild: the catalogue is not empty, or another one is at work");
    meanings.put(String.valueOf(PORT_TAKEN), "the port is taken");
    meanings.put(
        String.valueOf(SERVERS), "PostgreSQL or the S3 server did not start, or ended on its own");
    meanings.put(String.valueOf(DATA_FOLDER), "the data folder cannot be used");
    meanings.put(String.valueOf(IN_USE), "another Cairn uses the data folder");
    meanings.put(String.valueOf(NOT_CONFIGURED), "no database is configured, and none comes along");
    meanings.put(SIGNALS, "stopped by Ctrl-C or SIGTERM, in order");
    return meanings;
  }

  int exitCode() {
    return exitCode;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
