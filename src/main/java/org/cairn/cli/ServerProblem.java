package org.cairn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An error reply. Normally RFC 9457 problem details; but a proxy in between answers what it likes,
 * so anything else is kept as a short text.
 */
record ServerProblem(int status, String type, String detail, List<String> violations) {

  /** Longest text of a reply that is no problem document. */
  private static final int SNIPPET = 300;

  ServerProblem {
    violations = List.copyOf(violations);
  }

  static ServerProblem of(int status, byte[] body) {
    try {
      var tree = Json.MAPPER.readTree(body);
      if (tree != null && tree.isObject()) {
        return of(status, tree);
      }
    } catch (JsonProcessingException e) {
      return new ServerProblem(status, "", snippet(body), List.of());
    } catch (IOException e) {
      throw new IllegalStateException("reading memory does not fail", e);
    }
    return new ServerProblem(status, "", snippet(body), List.of());
  }

  static ServerProblem of(int status, JsonNode tree) {
    var type = tree.path("type").asText("");
    var violations = new ArrayList<String>();
    for (var violation : tree.path("violations")) {
      violations.add(
          violation.path("field").asText("") + ": " + violation.path("message").asText(""));
    }
    var detail = tree.path("detail").asText(tree.path("title").asText(""));
    return new ServerProblem(
        status, type.substring(type.lastIndexOf('/') + 1), detail, List.copyOf(violations));
  }

  boolean is(String slug) {
    return type.equals(slug);
  }

  /** One line: kind, detail, and every field that is outside its limit. */
  String text() {
    var text = new StringBuilder().append(status);
    if (!type.isEmpty()) {
      text.append(' ').append(type);
    }
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    for (var violation : violations) {
      text.append("; ").append(violation);
    }
    if (status == 401) {
      text.append(" (--token TOKEN, or $CAIRN_TOKEN)");
    }
    return Console.printable(text.toString());
  }

  int exitCode() {
    return switch (status) {
      case 404, 410 -> ExitCode.NOT_FOUND;
      case 409 -> ExitCode.CONFLICT;
      case 502, 503, 504 -> ExitCode.UNREACHABLE;
      default -> ExitCode.FAILED;
    };
  }

  private static String snippet(byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8).strip();
    return text.length() <= SNIPPET ? text : text.substring(0, SNIPPET) + "...";
  }
}
