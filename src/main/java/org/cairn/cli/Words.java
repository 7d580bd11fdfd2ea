package org.cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a command line apart as a POSIX shell does: blanks, quotes, backslashes; no expansion. */
final class Words {

  private Words() {}

  /** The words of {@code text}; empty where a quote is never closed. */
  static Optional<List<String>> split(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (next != '\n') {
          word.append(quote == '"' && "\\\"$`".indexOf(next) < 0 ? "\\" : "").append(next);
          begun = true;
        }
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        begun = true;
      } else if (Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return quote == 0 ? Optional.of(List.copyOf(words)) : Optional.empty();
  }
}
