package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Tokens that do not follow from steps: those of a checkpoint are the ones at the end of the stage
 * before and so many for each of its own steps. The branches of a stage all go on from the stage
 * before, and what is made of several of them has read what one of them has, or all together. In
 * OLMo-3-1025-7B.csv the second and third stage are 1,000 steps short.
 */
final class ListedTokens {

  /** Most ends of a stage that the next one is tried from. */
  private static final int ENDS = 100;

  private ListedTokens() {}

  private record Row(int line, long step, long tokens) {}

  /** One counter of a stage. */
  private record Branch(Counter counter, List<Row> rows, long perStep) {}

  /**
   * A stage with what came before it.
   *
   * @param begins tokens of the checkpoint before, from which this one is counted
   */
  private record Stage(long begins, List<Branch> saved, List<Branch> merged) {}

  static Optional<Fault> check(Listing listing) {
    var fault = Fault.of("tokens-inconsistent", listing);
    var wrong = fault.evidence().putArray("stages");
    for (var stage : stages(listing).values()) {
      for (var branch : stage.saved()) {
        if (branch.perStep() > 0) {
          compare(wrong, branch, errors(branch, stage.begins()), stage.begins());
        }
      }
      merged(wrong, stage);
    }
    return wrong.isEmpty() ? Optional.empty() : Optional.of(fault);
  }

  /** Tokens that each stage is counted from, by its name. */
  static SequencedMap<String, Long> bases(Listing listing) {
    var bases = new LinkedHashMap<String, Long>();
    stages(listing)
        .forEach((name, stage) -> {
          if (!stage.saved().isEmpty()) {
            bases.put(name, stage.begins());
          }
        });
    return bases;
  }

  private static SequencedMap<String, Stage> stages(Listing listing) {
    var names = new LinkedHashMap<String, List<Map.Entry<Counter, List<ListedCheckpoint>>>>();
    listing
        .byCounter()
        .entrySet()
        .forEach(
            one -> names.computeIfAbsent(one.getKey().stage(), name -> new ArrayList<>()).add(one));
    var stages = new LinkedHashMap<String, Stage>();
    var before = List.of(0L);
    var earlier = new HashSet<Long>();
    for (var name : names.entrySet()) {
      var saved = new ArrayList<Branch>();
      var merged = new ArrayList<Branch>();
      for (var counter : name.getValue()) {
        var all = counter.getValue();
        add(saved, counter.getKey(), all.stream().filter(one -> !one.isMerged()).toList());
        add(merged, counter.getKey(), all.stream().filter(ListedCheckpoint::isMerged).toList());
      }
      var ends = new ArrayList<Long>();
      saved.forEach(branch -> ends.add(branch.rows().getLast().tokens()));
      merged.forEach(branch -> ends.add(branch.rows().getLast().tokens()));
      var begins = begins(before, saved, earlier);
      stages.put(name.getKey(), new Stage(begins, saved, merged));
      before =
          ends.isEmpty()
              ? before
              : ends.reversed().stream().distinct().limit(ENDS).toList().reversed();
      saved.forEach(branch -> branch.rows().forEach(row -> earlier.add(row.tokens())));
    }
    return stages;
  }

  private static void add(
      List<Branch> branches, Counter counter, List<ListedCheckpoint> checkpoints) {
    var rows =
        checkpoints.stream()
            .filter(one -> one.tokens() != null)
            .map(one -> new Row(one.line(), one.step(), Objects.requireNonNull(one.tokens())))
            .toList();
    if (!rows.isEmpty()) {
      branches.add(new Branch(counter, rows, perStep(rows)));
    }
  }

  /**
   * Of several ends of the stage before, the one from which most comes out right; or the checkpoint
   * before its end from which all does, since a stage may begin with any.
   */
  private static long begins(List<Long> ends, List<Branch> saved, Set<Long> earlier) {
    long best = best(ends, saved);
    var errors =
        saved.stream()
            .flatMap(branch -> errors(branch, best).keySet().stream())
            .distinct()
            .toList();
    boolean forgotten =
        saved.stream().anyMatch(branch -> branch.rows().getFirst().tokens() == best);
    if (errors.size() == 1 && !forgotten && earlier.contains(best + errors.getFirst())) {
      long begins = best + errors.getFirst();
      return wrong(saved, begins) == 0 ? begins : best;
    }
    return best;
  }

  private static long best(List<Long> ends, List<Branch> saved) {
    long best = ends.getLast();
    long fewest = wrong(saved, best);
    for (var end : ends) {
      long wrong = wrong(saved, end);
      if (wrong < fewest) {
        best = end;
        fewest = wrong;
      }
    }
    return best;
  }

  private static long wrong(List<Branch> saved, long begins) {
    return saved.stream()
        .flatMap(branch -> errors(branch, begins).values().stream())
        .mapToLong(List::size)
        .sum();
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

  /** The lines that are off, by how many tokens. */
  private static SequencedMap<Long, List<Integer>> errors(Branch branch, long begins) {
    var errors = new TreeMap<Long, List<Integer>>();
    if (branch.perStep() == 0) {
      return errors;
    }
    for (var row : branch.rows()) {
      long error;
      try {
        error =
            Math.subtractExact(
                row.tokens(),
                Math.addExact(begins, Math.multiplyExact(row.step(), branch.perStep())));
      } catch (ArithmeticException e) {
        continue; // no count of tokens: the step itself is nonsense
      }
      if (error != 0) {
        errors.computeIfAbsent(error, key -> new ArrayList<>()).add(row.line());
      }
    }
    return errors;
  }

  private static void compare(
      ArrayNode wrong, Branch branch, SequencedMap<Long, List<Integer>> errors, long begins) {
    if (errors.isEmpty()) {
      return;
    }
    var rows = branch.rows();
    var found = wrong.addObject().put("stage", branch.counter().stage());
    if (!branch.counter().branch().isEmpty()) {
      found.put("branch", branch.counter().branch());
    }
    found
        .put("tokensPerStep", branch.perStep())
        .put("tokensBefore", begins)
        .put("rows", rows.size());
    var each = found.putArray("errors");
    errors.forEach((error, lines) -> {
      var one = each.addObject().put("tokens", error).put("rows", lines.size());
      if (error % branch.perStep() == 0) {
        one.put("steps", error / branch.perStep());
      }
      one.set("lines", Fault.lines(lines));
    });
    var first = rows.getFirst();
    if (errors.size() == 1
        && errors.firstEntry().getValue().size() == rows.size()
        && first.tokens() == begins) {
      found.put(
          "cause",
          "the column begins on its first row, which is of step %d, with the tokens of the stage before"
              .formatted(first.step()));
    }
  }

  /** A merge has read what one of its branches has, or what all of them have. */
  private static void merged(ArrayNode wrong, Stage stage) {
    var ofOne = new HashSet<Long>();
    long together = stage.begins();
    for (var saved : stage.saved()) {
      saved.rows().forEach(row -> ofOne.add(row.tokens()));
      // Differences of counts that are not negative do not overflow; their sum may, and is wrong.
      together += saved.rows().getLast().tokens() - stage.begins();
    }
    for (var branch : stage.saved().isEmpty() ? List.<Branch>of() : stage.merged()) {
      for (var row : branch.rows()) {
        if (!ofOne.contains(row.tokens()) && row.tokens() != together) {
          var found = wrong.addObject().put("stage", branch.counter().stage());
          if (!branch.counter().branch().isEmpty()) {
            found.put("branch", branch.counter().branch());
          }
          found.put("tokensBefore", stage.begins()).put("tokensOfAllBranches", together);
          found
              .putArray("errors")
              .addObject()
              .put("tokens", row.tokens() - together)
              .put("rows", 1)
              .set("lines", Fault.lines(List.of(row.line())));
        }
      }
    }
  }
}
