package org.cairn.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What went wrong in a piece of work that went on nevertheless, each once, with what it means. */
final class Failures {

  private final Map<String, Integer> exitCodes = new LinkedHashMap<>();

  /** Records a failure; the same text twice is one, since a file may be in many checkpoints. */
  synchronized void add(String failure, int exitCode) {
    exitCodes.putIfAbsent(failure, exitCode);
  }

  synchronized void add(CliException failure) {
    add(failure.text(), failure.exitCode());
  }

  synchronized List<String> texts() {
    return List.copyOf(exitCodes.keySet());
  }

  /** The exit code: wrong bytes above all, else that of the failures where they agree. */
  synchronized int exitCode() {
    var codes = exitCodes.values().stream().distinct().toList();
    if (codes.contains(ExitCode.MISMATCH)) {
      return ExitCode.MISMATCH;
    }
    return switch (codes.size()) {
      case 0 -> ExitCode.OK;
      case 1 -> codes.getFirst();
      default -> ExitCode.FAILED;
    };
  }
}
