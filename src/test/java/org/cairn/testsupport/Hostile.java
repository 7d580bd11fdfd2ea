package org.cairn.testsupport;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up what strangers send; equal seeds make up the same. */
public final class Hostile {

  private static final List<String> PIECES =
      List.of(
          "",
          "a",
          "step1",
          "..",
          ".",
          "/",
          "//",
          "\\",
          "%2e%2e",
          "%00",
          "\0",
          "\u001f",
          "\u007f",
          "\u0085",
          "\u2028",
          "\ud800",
          "\udc00",
          "\ud83d\ude00",
          "\u00fc",
          "\ufeff",
          "\u202e",
          " ",
          "\t",
          "\r\n",
          "'",
          "\"",
          "$",
          "{}",
          "[",
          "]",
          "{",
          "}",
          ":",
          ",",
          "-",
          "--",
          "@",
          "*",
          "&x",
          "*x",
          "!!js",
          "sha256:",
          "latest",
          "null",
          "true",
          "1e999999999",
          "-1",
          "9223372036854775807",
          "9223372036854775808",
          "0x",
          "C:",
          ".git",
          "<<",
          "? ",
          "- ",
          "| ",
          "> ",
          "#",
          "=",
          "[[t]]",
          "'; drop table run; --",
          "x".repeat(300),
          "\u4e2d".repeat(200));

  private Hostile() {}

  /** A text of a few pieces, most of which are wrong somewhere. */
  public static String text(RandomGenerator random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /** A document with some of its bytes changed, taken out, doubled or replaced by a piece. */
  public static String mutated(RandomGenerator random, String document) {
    var text = new StringBuilder(document);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        default -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString();
  }
}
