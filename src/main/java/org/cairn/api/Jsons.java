package org.cairn.api;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Why JSON could not be read, in the client's words. */
public final class Jsons {

  private Jsons() {}

  /**
   * The client's spelling of the field that could not be read; {@code body} where it is the whole.
   */
  public static String field(JsonProcessingException e) {
    var path =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(r ->
                    r.getFieldName() != null ? "." + r.getFieldName() : "[" + r.getIndex() + "]")
                .collect(joining())
                .replaceFirst("^\\.", "")
            : "";
    return path.isEmpty() ? "body" : path;
  }

  /** Whether the whole is larger than any request, wherever the reader was when it found out. */
  static boolean tooLarge(JsonProcessingException e) {
    var limit =
        e instanceof StreamConstraintsException
            ? e
            : e.getCause() instanceof StreamConstraintsException cause ? cause : null;
    return limit != null && limit.getOriginalMessage().startsWith("Document length");
  }

  /** The client's spelling of a path of Bean Validation, which has parts that no JSON has. */
  public static String field(String path) {
    return path.replaceAll("\\.?<[a-z ]+>|<K>", "");
  }

  /** One sentence without Java names. */
  public static String reason(JsonProcessingException e) {
    return switch (e) {
      case StreamConstraintsException x ->
          x.getOriginalMessage().replaceAll(",? \\(?from `[^`]*`", "").replaceAll("`[^`]*`", "");
      // A limit that was hit inside a field of a record.
      case JsonMappingException x when x.getCause() instanceof StreamConstraintsException limit ->
          reason(limit);
      case UnrecognizedPropertyException x -> "is not a field of this request";
      case InvalidTypeIdException x -> "is not one of the kinds this field has";
      case InvalidFormatException x when x.getTargetType() != null && x.getTargetType().isEnum() ->
          "must be one of " + Arrays.toString(x.getTargetType().getEnumConstants());
      case InvalidFormatException x -> "is not a valid " + kind(x.getTargetType());
      case ValueInstantiationException x when x.getCause() != null ->
          String.valueOf(x.getCause().getMessage());
      case MismatchedInputException x when x.getTargetType() != null ->
          "is not a valid " + kind(x.getTargetType());
      default -> {
        var message = e.getOriginalMessage() == null ? "is not JSON" : e.getOriginalMessage();
        if (message.contains("out of range") || message.contains("Numeric value")) {
          yield "is not a 64-bit integer";
        }
        if (message.contains("Duplicate field")) {
          yield "has a duplicate field";
        }
        var at = e.getLocation();
        yield "is not well-formed JSON"
            + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
      }
    };
  }

  private static String kind(Class<?> type) {
    if (type == null) {
      return "value";
    }
    if (type == Long.class || type == long.class) {
      return "64-bit integer";
    }
    if (type == Integer.class || type == int.class) {
      return "32-bit integer";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "boolean";
    }
    if (type == String.class) {
      return "string";
    }
    if (java.util.Map.class.isAssignableFrom(type)
        || type.isRecord()
        || ObjectNode.class.isAssignableFrom(type)) {
      return "object";
    }
    if (java.util.Collection.class.isAssignableFrom(type)) {
      return "list";
    }
    return type.getSimpleName();
  }
}
