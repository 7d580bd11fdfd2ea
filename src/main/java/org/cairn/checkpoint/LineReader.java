package org.cairn.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.api.Jsons;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.BoundedLines;

/** From a line of a stream to a request, with the checks that requests of their own go through. */
@ApplicationScoped
class LineReader {

  /** Longest line, in bytes. */
  static final int LINE_MAX = 4 << 20;

  private final ObjectMapper json;
  private final Validator validator;

  LineReader(ObjectMapper json, Validator validator) {
    this.json = json;
    this.validator = validator;
  }

  /** The request of a line, well-formed and within its limits. */
  CheckpointRequest read(BoundedLines.Line line) {
    if (line.tooLong()) {
      throw new RegistryException(
          ProblemType.TOO_LARGE, "A line has at most " + LINE_MAX + " bytes");
    }
    try {
      // As text, for bytes would also be taken for UTF-16 or UTF-32.
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line.bytes())).toString();
      var request = json.readValue(text, CheckpointRequest.class);
      if (request == null) {
        throw RegistryException.invalid("body", "is null");
      }
      check(validator.validate(request));
      return request;
    } catch (CharacterCodingException e) {
      throw RegistryException.invalid("body", "is not UTF-8");
    } catch (JsonProcessingException e) {
      throw RegistryException.invalid(Jsons.field(e), Jsons.reason(e));
    }
  }

  private static void check(Set<ConstraintViolation<CheckpointRequest>> violations) {
    if (violations.isEmpty()) {
      return;
    }
    var named =
        violations.stream()
            .map(v ->
                new Problem.Violation(Jsons.field(v.getPropertyPath().toString()), v.getMessage()))
            .sorted(Comparator.comparing(Problem.Violation::field))
            .limit(BulkRegistration.VIOLATIONS_SHOWN)
            .toList();
    throw new RegistryException(
        ProblemType.INVALID_REQUEST,
        named.stream().map(v -> v.field() + ": " + v.message()).collect(Collectors.joining("; ")),
        named);
  }
}
