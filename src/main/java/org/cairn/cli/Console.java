package org.cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where the program writes: results to one stream, everything about the way there to the other, so
 * that a pipe gets results only. Text from files and servers is made harmless before it reaches a
 * terminal.
 */
final class Console {

  /** Clears what a progress bar has drawn on the current line. */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean quiet;
  private final boolean terminal;
  private final List<String> warnings = new ArrayList<>();
  private boolean barShown;

  Console(PrintWriter out, PrintWriter err, boolean quiet, boolean terminal) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.terminal = terminal;
  }

  boolean quiet() {
    return quiet;
  }

  /** Whether somebody watches the second stream on a terminal. */
  boolean terminal() {
    return terminal;
  }

  /** Draws a progress bar over the one before. */
  synchronized void bar(String bar) {
    barShown = true;
    err.print(CLEAR_LINE + bar.stripTrailing());
    err.flush();
  }

  /** Leaves the bar as it is and goes on below it. */
  synchronized void barDone() {
    if (barShown) {
      barShown = false;
      err.println();
      err.flush();
    }
  }

  /** A line of the result. */
  synchronized void result(String line) {
    out.println(line);
    out.flush();
  }

  /** What is going on; silenced by {@code --quiet}. */
  synchronized void say(String line) {
    if (!quiet) {
      error(line);
    }
  }

  synchronized void warn(String warning) {
    warnings.add(warning);
    error("warning: " + warning);
  }

  synchronized void error(String line) {
    err.println((barShown ? CLEAR_LINE : "") + printable(line));
    err.flush();
  }

  synchronized List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Whether the second stream is a terminal. Java only knows about the first and the input; the
   * launcher knows and says so, and Linux can be asked.
   */
  static boolean detectTerminal() {
    var told = System.getProperty("cairn.terminal");
    if (told != null) {
      return Boolean.parseBoolean(told);
    }
    try {
      var target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Objects.requireNonNull(System.console())
          .isTerminal(); // since Java 22 it is never null
    }
  }

  /** The text with control characters replaced, so that no name or message drives a terminal. */
  static String printable(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c ->
            safe.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                    ? (c == '\t' || c == '\n' ? ' ' : '\ufffd')
                    : c));
    return safe.toString();
  }
}
