package org.cairn.trajectory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cairn.platform.BoundedLines;
import org.cairn.platform.JsonLimits;
import org.cairn.run.RunFileView;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a log where the learning rate was zero. Two forms are read: CSV whose first line names
 * the columns, and JSON lines. A column is known by the last part of its name: {@code step}, {@code
 * global_step}, {@code iteration}, and {@code lr}, {@code train/learning_rate}, {@code
 * optim/learning_rate_group0}. Rows that cannot be read end a stretch of zeros.
 */
final class LearningRateLog {

  /** Longest line, in bytes. */
  static final int LINE_MAX = 1 << 20;

  private static final Set<String> STEPS =
      Set.of("step", "steps", "globalstep", "iteration", "iter");
  private static final Set<String> RATES = Set.of("lr", "learningrate", "learningrategroup0");

  private static final ObjectReader CELLS =
      new CsvMapper()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .readerFor(String[].class);
  private static final ObjectReader OBJECTS = JsonLimits.mapper().reader();

  private final RunFileView file;
  private final RestingSteps found;
  private boolean begun;
  private boolean startsAtZero;

  /** The stretch of zeros that goes on; {@code rows} is 0 outside of one. */
  private long rows;

  private long firstStep;
  private long lastStep;

  private LearningRateLog(RunFileView file, RestingSteps found) {
    this.file = file;
    this.found = found;
  }

  /** Whether a file may be such a log, by its name. */
  static boolean isOne(RunFileView file) {
    var name = file.path().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || isLines(name);
  }

  private static boolean isLines(String name) {
    return name.endsWith(".jsonl") || name.endsWith(".ndjson");
  }

  /** Reads a log to its end, a line at a time. */
  static void read(RunFileView file, InputStream bytes, RestingSteps found) throws IOException {
    var log = new LearningRateLog(file, found);
    var lines = new BoundedLines(bytes, LINE_MAX);
    boolean csv = !isLines(file.path().toLowerCase(Locale.ROOT));
    String[] header = csv ? cells(lines.next()) : new String[0];
    for (var line = lines.next(); line != null; line = lines.next()) {
      if (!line.isBlank()) {
        log.row(csv ? byName(header, cells(line)) : members(line));
      }
    }
    log.end();
  }

  private static String[] cells(BoundedLines.@Nullable Line line) {
    if (line == null || line.tooLong()) {
      return new String[0];
    }
    try (var rows = CELLS.<String[]>readValues(new String(line.bytes(), StandardCharsets.UTF_8))) {
      return rows.hasNext() ? rows.next() : new String[0];
    } catch (IOException | RuntimeException e) {
      return new String[0];
    }
  }

  private static Map<String, String> byName(String[] header, String[] cells) {
    var values = new HashMap<String, String>();
    for (int i = 0; i < header.length && cells.length == header.length; i++) {
      values.putIfAbsent(name(header[i]), cells[i]);
    }
    return values;
  }

  private static Map<String, String> members(BoundedLines.Line line) {
    var values = new HashMap<String, String>();
    try {
      JsonNode object = OBJECTS.readTree(line.bytes());
      if (!line.tooLong() && object != null && object.isObject()) {
        object
            .properties()
            .forEach(
                member -> values.putIfAbsent(name(member.getKey()), member.getValue().asText()));
      }
    } catch (IOException e) {
      values.clear();
    }
    return values;
  }

  private static String name(String column) {
    return column
        .substring(column.lastIndexOf('/') + 1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]", "");
  }

  private static double number(Map<String, String> row, Set<String> names) {
    for (var name : names) {
      var text = row.get(name);
      if (text != null) {
        try {
          return Double.parseDouble(text);
        } catch (NumberFormatException e) {
          return Double.NaN;
        }
      }
    }
    return Double.NaN;
  }

  private void row(Map<String, String> row) {
    double value = number(row, STEPS);
    double rate = number(row, RATES);
    if (!(value >= 0 && value <= 1L << 52) || value != Math.rint(value) || Double.isNaN(rate)) {
      end();
      return;
    }
    long step = (long) value;
    startsAtZero |= !begun && step == 0;
    begun = true;
    if (rate != 0 || (rows > 0 && step <= lastStep)) {
      end();
    }
    if (rate == 0) {
      firstStep = rows == 0 ? step : firstStep;
      lastStep = step;
      rows++;
    }
  }

  private void end() {
    if (rows > 0) {
      int ahead = startsAtZero ? 1 : 0;
      found.add(
          new RestingSteps.Rest(
              file.path(),
              file.sha256(),
              firstStep - 1 + ahead,
              lastStep + ahead,
              firstStep,
              lastStep,
              rows));
      rows = 0;
    }
  }
}
