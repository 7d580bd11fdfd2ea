package org.cairn.cli;

/** What the program's exit status tells a script; part of its interface, so never renumbered. */
final class ExitCode {

  static final int OK = 0;

  /** Something failed, or only a part was done; the messages say what. */
  static final int FAILED = 1;

  /** The command line is wrong; nothing was tried. */
  static final int USAGE = 2;

  /** The registry does not answer. */
  static final int UNREACHABLE = 3;

  /** The registry has no such project, run, checkpoint or file. */
  static final int NOT_FOUND = 4;

  /** Bytes are not what they should be. */
  static final int MISMATCH = 5;

  /** The registry already holds something else under this name, and it may not change. */
  static final int CONFLICT = 6;

  private ExitCode() {}
}
