package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Tokens that do not follow from steps: those of a checkpoint are the ones at the end of the stage
 * before and so many for each of its own steps. The branches of a stage all go on from the stage
 * before. In OLMo-3-1025-7B.csv the second and third stage are 1,000 steps short.
 */
final class ListedTokens {

  private ListedTokens() {}

  private record Row(int line, long step, long tokens) {}

  static Optional<Fault> check(Listing listing) {
    var fault = Fault.of("tokens-inconsistent", listing);
    var wrong = fault.evidence().putArray("stages");
    var stage = "";
    long before = 0;
    long reached = 0;
    for (var counter : listing.byCounter().entrySet()) {
      if (!counter.getKey().stage().equals(stage)) {
        stage = counter.getKey().stage();
        before = reached;
      }
      var rows = rows(counter.getValue());
      long perStep = perStep(rows);
      if (perStep > 0) {
        compare(wrong, counter.getKey(), rows, before, perStep);
      }
      reached = rows.isEmpty() ? reached : rows.getLast().tokens();
    }
    return wrong.isEmpty() ? Optional.empty() : Optional.of(fault);
  }

  private static List<Row> rows(List<ListedCheckpoint> checkpoints) {
    var rows = new ArrayList<Row>();
    for (var one : checkpoints) {
      var tokens = one.tokens();
      if (tokens != null) {
        rows.add(new Row(one.line(), one.step(), tokens));
      }
    }
    return rows;
  }

  /** What at least half of the rows add to those before them; 0 where that is not to be told. */
  private static long perStep(List<Row> rows) {
    var rates = new HashMap<Long, Integer>();
    for (int i = 1; i < rows.size(); i++) {
      long steps = rows.get(i).step() - rows.get(i - 1).step();
      long tokens = rows.get(i).tokens() - rows.get(i - 1).tokens();
      if (steps > 0 && tokens > 0 && tokens % steps == 0) {
        rates.merge(tokens / steps, 1, Integer::sum);
      }
    }
    return rates.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(usual -> usual.getValue() * 2 >= rows.size() - 1)
        .map(Map.Entry::getKey)
        .orElse(0L);
  }

  private static void compare(
      ArrayNode wrong, Counter counter, List<Row> rows, long before, long perStep) {
    var errors = new TreeMap<Long, List<Integer>>();
    for (var row : rows) {
      long error;
      try {
        error =
            Math.subtractExact(
                row.tokens(), Math.addExact(before, Math.multiplyExact(row.step(), perStep)));
      } catch (ArithmeticException e) {
        continue; // no count of tokens: the step itself is nonsense
      }
      if (error != 0) {
        errors.computeIfAbsent(error, key -> new ArrayList<>()).add(row.line());
      }
    }
    if (errors.isEmpty()) {
      return;
    }
    var found = wrong.addObject().put("stage", counter.stage());
    if (!counter.branch().isEmpty()) {
      found.put("branch", counter.branch());
    }
    found.put("tokensPerStep", perStep).put("tokensBefore", before).put("rows", rows.size());
    var each = found.putArray("errors");
    errors.forEach((error, lines) -> {
      var one = each.addObject().put("tokens", error).put("rows", lines.size());
      if (error % perStep == 0) {
        one.put("steps", error / perStep);
      }
      one.set("lines", Fault.lines(lines));
    });
    var first = rows.getFirst();
    if (errors.size() == 1
        && errors.firstEntry().getValue().size() == rows.size()
        && first.tokens() == before) {
      found.put(
          "cause",
          "the column begins on its first row, which is of step %d, with the tokens of the stage before"
              .formatted(first.step()));
    }
  }
}
