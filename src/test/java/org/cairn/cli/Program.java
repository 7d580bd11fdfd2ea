package org.cairn.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the program as a user would, within this JVM. */
record Program(int exitCode, String out, String err) {

  static Program run(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    var exitCode =
        Cairn.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new Program(exitCode, out.toString(), err.toString());
  }

  /** The one JSON document of the output. */
  Answer json() {
    try {
      return new Answer(Json.MAPPER.readTree(out), "the program");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(out + err, e);
    }
  }
}
