package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairn.trajectory.EvaluationResults;
import org.jspecify.annotations.Nullable;

/**
 * Reads results of many evaluations from one CSV file, a value a row: columns {@code model} (or
 * {@code model_dir}), {@code step}, {@code task}, {@code metric}, {@code value}, and {@code
 * variant} or {@code num_fewshot} where there are such.
 */
final class EvaluationTable {

  private static final List<String> NEEDED = List.of("step", "task", "metric", "value");

  /** Longest number, in characters. */
  private static final int DIGITS = 40;

  /** Decimal exponents beyond those of a double are no result of anything. */
  private static final int EXPONENT = 400;

  /** Longest name of a model, setting, task or metric, in characters. */
  private static final int NAME_MAX = 400;

  private EvaluationTable() {}

  /**
   * What a table says.
   *
   * @param repeated rows that say a value once more, of which the first is taken
   */
  record Table(List<EvaluationResults> results, Optional<Fault> repeated) {}

  private record Key(String run, long step, String setting) {}

  /**
   * Reads a table to its end; rows that have no value, or too long a name, are passed over.
   *
   * @throws UnreadableListingException where a column is missing, or it has too many lines
   */
  static Table read(String name, InputStream bytes) throws IOException {
    var rows = new CsvRows(bytes);
    for (var column : NEEDED) {
      if (!rows.columns().contains(column)) {
        throw new UnreadableListingException("has no column " + column + " in its first line");
      }
    }
    var values = new LinkedHashMap<Key, LinkedHashMap<String, BigDecimal>>();
    var lines = new LinkedHashMap<Key, Integer>();
    var repeated = new ArrayList<Integer>();
    var differing = new ArrayList<Integer>();
    for (var row = rows.next(); row != null; row = rows.next()) {
      var cells = row.values();
      var step = number(cells.get("step"));
      var value = number(cells.get("value"));
      if (step.isPresent() && value.isPresent() && isStep(step.get()) && isShort(cells)) {
        var key = new Key(model(cells), step.get().longValueExact(), setting(cells));
        lines.putIfAbsent(key, row.line());
        var first =
            values
                .computeIfAbsent(key, one -> new LinkedHashMap<>())
                .putIfAbsent(
                    cells.getOrDefault("task", "") + "/" + cells.getOrDefault("metric", ""),
                    value.get());
        if (first != null) {
          (first.compareTo(value.get()) == 0 ? repeated : differing).add(row.line());
        }
      }
    }
    var read = new ArrayList<EvaluationResults>();
    values.forEach((key, found) ->
        read.add(
            new EvaluationResults(
                name + " line " + lines.get(key),
                key.run(),
                key.step(),
                key.setting(),
                null,
                found)));
    return new Table(read, repeated(name, repeated, differing));
  }

  private static Optional<Fault> repeated(String name, List<Integer> equal, List<Integer> other) {
    if (equal.isEmpty() && other.isEmpty()) {
      return Optional.empty();
    }
    var evidence =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", name)
            .put("rowsWithTheSameValue", equal.size())
            .put("rowsWithAnotherValue", other.size());
    evidence.set("linesWithTheSameValue", Fault.lines(equal));
    evidence.set("linesWithAnotherValue", Fault.lines(other));
    return Optional.of(new Fault("duplicate-result-rows", "evaluations of " + name, evidence));
  }

  private static String model(Map<String, String> cells) {
    return cells.getOrDefault("model", cells.getOrDefault("modeldir", ""));
  }

  private static String setting(Map<String, String> cells) {
    var shots = cells.get("numfewshot");
    return cells.getOrDefault("variant", shots == null ? "" : shots + "-shot");
  }

  /** Empty of nan, for one. */
  private static Optional<BigDecimal> number(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .filter(digits -> digits.length() <= DIGITS)
          .map(BigDecimal::new)
          .filter(one -> Math.abs((long) one.precision() - one.scale()) <= EXPONENT);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isShort(Map<String, String> cells) {
    return Stream.of(model(cells), setting(cells), cells.get("task"), cells.get("metric"))
        .allMatch(name -> name == null || name.length() <= NAME_MAX);
  }

  private static boolean isStep(BigDecimal step) {
    return step.signum() >= 0
        && step.scale() == 0
        && step.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
  }
}
