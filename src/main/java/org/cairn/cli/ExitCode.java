package org.cairn.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

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

  /** 128 and the number of SIGINT: what shells and the JVM make of Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** What each of them means, in words for the help. */
  static SequencedMap<String, String> meanings() {
    var meanings = new LinkedHashMap<String, String>();
    for (var meaning :
        List.of(
            Map.entry(OK, "done"),
            Map.entry(FAILED, "failed, or done in part; the messages say what"),
            Map.entry(USAGE, "wrong command line; nothing was tried"),
            Map.entry(UNREACHABLE, "the registry does not answer"),
            Map.entry(NOT_FOUND, "no such project, run, checkpoint, file or manifest"),
            Map.entry(MISMATCH, "bytes are not what they should be"),
            Map.entry(CONFLICT, "the registry holds something else under this name"),
            Map.entry(INTERRUPTED, "interrupted (Ctrl-C); the same command goes on from there"))) {
      meanings.put(String.valueOf(meaning.getKey()), meaning.getValue());
    }
    return meanings;
  }
}
