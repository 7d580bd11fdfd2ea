package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A part of a server's answer, read with suspicion: a field that is missing or of another kind is
 * an error that names it, never a null or a zero that travels on. Unknown fields are passed over,
 * so that an older client works with a newer service.
 */
record Answer(JsonNode node, String what) {

  String text(String field) {
    var value = textOrNull(field);
    if (value == null) {
      throw odd(field, "a text");
    }
    return value;
  }

  String textOr(String field, String otherwise) {
    var value = textOrNull(field);
    return value == null ? otherwise : value;
  }

  @Nullable String textOrNull(String field) {
    var value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw odd(field, "a text");
    }
    return value.textValue();
  }

  Sha256 sha256(String field) {
    try {
      return new Sha256(text(field));
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCode.FAILED, unexpected(field, "a SHA-256"), e);
    }
  }

  /** A count or size: an exact integer, never negative. */
  long count(String field) {
    var value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw odd(field, "a 64-bit integer from 0");
    }
    return value.longValue();
  }

  OptionalLong countIfPresent(String field) {
    var value = node.path(field);
    return value.isMissingNode() || value.isNull()
        ? OptionalLong.empty()
        : OptionalLong.of(count(field));
  }

  /** The elements of a list; none where the field is absent. */
  List<Answer> list(String field) {
    var value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw odd(field, "a list");
    }
    var elements = new ArrayList<Answer>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new Answer(value.get(i), what + " " + field + "[" + i + "]"));
    }
    return elements;
  }

  /** The elements of a list that must be there: an empty folder is not the same as no answer. */
  List<Answer> requireList(String field) {
    if (!has(field)) {
      throw odd(field, "a list");
    }
    return list(field);
  }

  /** The texts of a list; none where the field is absent. */
  List<String> texts(String field) {
    var texts = new ArrayList<String>();
    for (var element : list(field)) {
      if (!element.node().isTextual()) {
        throw odd(field, "a list of texts");
      }
      texts.add(element.node().textValue());
    }
    return texts;
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  Answer at(String field) {
    return new Answer(node.path(field), what + " " + field);
  }

  private CliException odd(String field, String expected) {
    return new CliException(ExitCode.FAILED, unexpected(field, expected));
  }

  private String unexpected(String field, String expected) {
    return "The answer to " + what + " is not understood: " + field + " should be " + expected;
  }
}
