package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cairn.api.Faults;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.BoundedLines;
import org.cairn.run.ParentRequest;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/**
 * Registers a stream of checkpoints, one JSON object a line. Each line takes effect wholly or not
 * at all, and lines are committed a few hundred at a time; a stream that breaks off has registered
 * what came before, and sending it again answers 409 for that.
 *
 * <p>The answer is held until the request has been read: a client that sends everything before it
 * reads anything would otherwise wait for a service that waits for it. So the number of lines is
 * bounded, and what is said of each.
 */
@ApplicationScoped
class BulkRegistration {

  /** Most lines of a request, blank ones among them; those that follow are read and not taken. */
  static final int LINES_MAX = 50_000;

  /** Most violations that are told of a line, and most characters of each. */
  static final int VIOLATIONS_SHOWN = 3;

  private static final int TEXT_SHOWN = 300;

  /** Lines, or files if these are many, that one transaction takes. */
  private static final int BATCH_LINES = 500;

  private static final int BATCH_FILES = 10_000;

  private final CheckpointService checkpoints;
  private final RunService runs;
  private final LineReader reader;
  private final ObjectMapper json;

  BulkRegistration(
      CheckpointService checkpoints, RunService runs, LineReader reader, ObjectMapper json) {
    this.checkpoints = checkpoints;
    this.runs = runs;
    this.reader = reader;
    this.json = json;
  }

  /** What became of a line of the request; lines count from 1. */
  record LineResult(int line, int status, @Nullable String label, @Nullable Problem problem) {}

  /**
   * Reads {@code body} to its end and answers one line for each of its lines that is not blank, in
   * order.
   */
  byte[] register(String project, String run, InputStream body) throws IOException {
    var stream = new Stream(runs.ref(project, run));
    var lines = new BoundedLines(new BufferedInputStream(body, 1 << 16), LineReader.LINE_MAX);
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
    private final RunRef run;
    private final Map<Integer, LineResult> results = new LinkedHashMap<>();
    private final Map<Integer, CheckpointRequest> pending = new LinkedHashMap<>();
    private final Set<String> pendingLabels = new HashSet<>();
    private int pendingFiles;
    private int number;

    Stream(RunRef run) {
      this.run = run;
    }

    void accept(BoundedLines.Line line) {
      if (number > LINES_MAX) {
        return;
      }
      number++;
      if (number > LINES_MAX) {
        refuse(
            number,
            new RegistryException(
                ProblemType.TOO_LARGE,
                "A request has at most "
                    + LINES_MAX
                    + " lines: from this one on none was taken; send them in another request"));
        return;
      }
      if (line.isBlank()) {
        return;
      }
      // Reserves the place of this line in the order of the answer.
      results.put(number, new LineResult(number, 0, null, null));
      try {
        add(reader.read(line));
      } catch (RegistryException e) {
        refuse(number, e);
      }
      if (pending.size() >= BATCH_LINES || pendingFiles >= BATCH_FILES) {
        flush();
      }
    }

    private void add(CheckpointRequest request) {
      var parents = Objects.requireNonNullElse(request.parents(), List.<ParentRequest>of());
      if (parents.stream().anyMatch(this::mayBePending)) {
        flush();
      }
      pending.put(number, request);
      pendingLabels.add(CheckpointPreparation.label(request));
      if (request.labels() != null) {
        pendingLabels.addAll(request.labels());
      }
      pendingFiles += request.files() == null ? 0 : request.files().size();
    }

    /** Whether a parent may be one of the lines that wait: then these go first. */
    private boolean mayBePending(ParentRequest parent) {
      var ref = parent.checkpoint();
      if (ref == null || pending.isEmpty()) {
        return false;
      }
      var label = ref.substring(ref.indexOf('@') + 1);
      return pendingLabels.contains(ref)
          || pendingLabels.contains(label)
          || CheckpointReader.isComputed(label)
          // A step that two segments saved is labelled when it is stored.
          || pendingLabels.stream().anyMatch(waiting -> label.startsWith(waiting + "-"));
    }

    void flush() {
      if (pending.isEmpty()) {
        return;
      }
      var batch = new LinkedHashMap<>(pending);
      pending.clear();
      pendingLabels.clear();
      pendingFiles = 0;
      try {
        var outcomes = checkpoints.registerAll(run, List.copyOf(batch.values())).iterator();
        batch.keySet().forEach(line -> tell(line, outcomes.next()));
      } catch (RuntimeException e) {
        var problem = Faults.problem(e);
        if (problem.type() == ProblemType.UNAVAILABLE) {
          throw problem;
        }
        if (batch.size() == 1) {
          batch.keySet().forEach(line -> refuse(line, problem));
        } else {
          // One line that the database refuses must not take the others with it.
          batch.forEach((line, request) -> {
            pending.put(line, request);
            flush();
          });
        }
      }
    }

    private void tell(int line, CheckpointRegistrar.Outcome outcome) {
      if (outcome.added() != null) {
        results.put(line, new LineResult(line, 201, outcome.added().checkpoint().label(), null));
      } else {
        refuse(line, Objects.requireNonNull(outcome.refused()));
      }
    }

    private void refuse(int line, RegistryException e) {
      var problem = shortened(Problem.of(e));
      results.put(line, new LineResult(line, problem.status(), null, problem));
    }
  }

  private static Problem shortened(Problem problem) {
    var violations =
        problem.violations().stream()
            .limit(VIOLATIONS_SHOWN)
            .map(v -> new Problem.Violation(shortened(v.field()), shortened(v.message())))
            .toList();
    return new Problem(
        problem.type(),
        problem.title(),
        problem.status(),
        problem.detail() == null ? null : shortened(problem.detail()),
        violations);
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TEXT_SHOWN - 1)) + "\u2026";
  }
}
