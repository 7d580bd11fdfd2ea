package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.api.Faults;
import org.cairn.api.Jsons;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Registers a stream of checkpoints, one JSON object a line. Each line takes effect wholly or not
 * at all, and lines are committed a few hundred at a time; a stream that breaks off has registered
 * what came before, and sending it again answers 409 for that.
 */
@ApplicationScoped
class BulkRegistration {

  /** Longest line, in bytes. */
  static final int LINE_MAX = 4 << 20;

  /**
   * Most lines of a request: the answer is held until the request has been read, as HTTP/1 clients
   * expect.
   */
  static final int LINES_MAX = 50_000;

  /** Lines, or files if these are many, that one transaction takes. */
  private static final int BATCH_LINES = 500;

  private static final int BATCH_FILES = 10_000;

  private final CheckpointService checkpoints;
  private final CheckpointPreparation preparation;
  private final ObjectMapper json;
  private final Validator validator;

  BulkRegistration(
      CheckpointService checkpoints,
      CheckpointPreparation preparation,
      ObjectMapper json,
      Validator validator) {
    this.checkpoints = checkpoints;
    this.preparation = preparation;
    this.json = json;
    this.validator = validator;
  }

  /** What became of a line of the request; lines count from 1. */
  record LineResult(int line, int status, @Nullable String label, @Nullable Problem problem) {}

  /**
   * Reads {@code body} to its end and answers one line for each of its lines that is not blank, in
   * order.
   */
  byte[] register(String project, String run, InputStream body) throws IOException {
    var stream = new Stream(checkpoints.context(project, run));
    var lines = new BoundedLines(new BufferedInputStream(body, 1 << 16), LINE_MAX);
    for (var line = lines.next(); line != null; line = lines.next()) {
      stream.accept(line);
    }
    stream.flush();
    var answer = new ByteArrayOutputStream(stream.results.size() * 64);
    ObjectWriter writer = json.writerFor(LineResult.class);
    for (var result : stream.results.values()) {
      answer.writeBytes(writer.writeValueAsBytes(result));
      answer.write('\n');
    }
    return answer.toByteArray();
  }

  /** The state of one request. */
  private final class Stream {
    private final RunContext context;
    private final Map<Integer, LineResult> results = new LinkedHashMap<>();
    private final Map<Integer, PreparedCheckpoint> pending = new LinkedHashMap<>();
    private int pendingFiles;
    private int number;

    Stream(RunContext context) {
      this.context = context;
    }

    void accept(BoundedLines.Line line) {
      number++;
      if (line.isBlank()) {
        return;
      }
      if (results.size() == LINES_MAX) {
        flush();
        throw new RegistryException(
            ProblemType.TOO_LARGE,
            "A request has at most "
                + LINES_MAX
                + " lines; those before line "
                + number
                + " were taken");
      }
      // Reserves the place of this line in the order of the answer.
      results.put(number, new LineResult(number, 0, null, null));
      try {
        if (line.tooLong()) {
          throw new RegistryException(
              ProblemType.TOO_LARGE, "A line has at most " + LINE_MAX + " bytes");
        }
        var request = json.readValue(line.bytes(), CheckpointRequest.class);
        if (request == null) {
          throw RegistryException.invalid("body", "is null");
        }
        check(validator.validate(request));
        if (request.parents() != null && !request.parents().isEmpty()) {
          flush(); // a parent may be one of the lines before this one
        }
        var prepared = preparation.prepare(context, request);
        pending.put(number, prepared);
        pendingFiles += prepared.files().size();
      } catch (RegistryException e) {
        refuse(number, e);
      } catch (JsonProcessingException e) {
        refuse(number, RegistryException.invalid(Jsons.field(e), Jsons.reason(e)));
      } catch (IOException e) {
        refuse(number, RegistryException.invalid("body", "is not UTF-8"));
      }
      if (pending.size() >= BATCH_LINES || pendingFiles >= BATCH_FILES) {
        flush();
      }
    }

    void flush() {
      if (pending.isEmpty()) {
        return;
      }
      var batch = new LinkedHashMap<>(pending);
      pending.clear();
      pendingFiles = 0;
      try {
        var outcomes = checkpoints.registerAll(context, batch.values());
        batch.forEach((line, prepared) -> {
          var outcome = Objects.requireNonNull(outcomes.get(prepared.id()));
          if (outcome.conflict() == null) {
            results.put(line, new LineResult(line, 201, outcome.label(), null));
          } else {
            refuse(line, RegistryException.conflict("There is already a " + outcome.conflict()));
          }
        });
      } catch (RuntimeException e) {
        var problem = Faults.of(e).orElseThrow(() -> e);
        if (problem.type() == ProblemType.UNAVAILABLE) {
          throw problem;
        }
        if (batch.size() == 1) {
          batch.keySet().forEach(line -> refuse(line, problem));
        } else {
          // One line that the database refuses must not take the others with it.
          batch.forEach((line, prepared) -> {
            pending.put(line, prepared);
            flush();
          });
        }
      }
    }

    private void refuse(int line, RegistryException e) {
      var problem = Problem.of(e);
      results.put(line, new LineResult(line, problem.status(), null, problem));
    }
  }

  private static void check(Set<ConstraintViolation<CheckpointRequest>> violations) {
    if (violations.isEmpty()) {
      return;
    }
    var named =
        violations.stream()
            .map(v -> new Problem.Violation(v.getPropertyPath().toString(), v.getMessage()))
            .sorted(Comparator.comparing(Problem.Violation::field))
            .toList();
    throw new RegistryException(
        ProblemType.INVALID_REQUEST,
        named.stream().map(v -> v.field() + ": " + v.message()).collect(Collectors.joining("; ")),
        new ArrayList<>(List.copyOf(named)));
  }
}
