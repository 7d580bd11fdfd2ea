package org.cairn.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In what the evaluations of two runs were run differently: the batch size, on which padding and
 * with it results depend.
 */
final class EvaluationBatches {

  /** Most steps of one side that are shown. */
  private static final int STEPS = 50;

  private EvaluationBatches() {}

  /**
   * A difference for each setting that both runs have and in which the batch sizes of a step that
   * both have differ; where they have no step in common, in which those of all steps do.
   *
   * @param left batch sizes by setting and step
   */
  static List<JsonDifferences.Difference> between(
      Map<String, SortedMap<Long, SortedSet<String>>> left,
      Map<String, SortedMap<Long, SortedSet<String>>> right) {
    var differences = new ArrayList<JsonDifferences.Difference>();
    left.forEach((setting, steps) -> {
      var others = right.get(setting);
      if (others != null) {
        compare(setting, new TreeMap<>(steps), new TreeMap<>(others)).ifPresent(differences::add);
      }
    });
    return differences;
  }

  /** Leaves only the steps that differ in both. */
  private static Optional<JsonDifferences.Difference> compare(
      String setting,
      SortedMap<Long, SortedSet<String>> one,
      SortedMap<Long, SortedSet<String>> other) {
    var common = new TreeSet<>(one.keySet());
    common.retainAll(other.keySet());
    if (common.isEmpty()) {
      if (sizes(one).equals(sizes(other))) {
        return Optional.empty();
      }
    } else {
      common.removeIf(step -> Objects.equals(one.get(step), other.get(step)));
      if (common.isEmpty()) {
        return Optional.empty();
      }
      one.keySet().retainAll(common);
      other.keySet().retainAll(common);
    }
    return Optional.of(
        new JsonDifferences.Difference(
            setting.isEmpty() ? "batchSize" : setting + ".batchSize", told(one), told(other)));
  }

  private static SortedSet<String> sizes(SortedMap<Long, SortedSet<String>> bySteps) {
    var sizes = new TreeSet<String>();
    bySteps.values().forEach(sizes::addAll);
    return sizes;
  }

  /** {@code [{"batchSize": "4", "steps": [1000, 2000], "moreSteps": 7}]}, by their first steps. */
  private static ArrayNode told(SortedMap<Long, SortedSet<String>> bySteps) {
    var steps = new LinkedHashMap<String, List<Long>>();
    bySteps.forEach((step, sizes) ->
        sizes.forEach(size -> steps.computeIfAbsent(size, s -> new ArrayList<>()).add(step)));
    var told = JsonNodeFactory.instance.arrayNode();
    // Each batch size has its share, so that none is told without a step.
    var share = Math.max(1, STEPS / steps.size());
    steps.forEach((size, at) -> {
      var one = told.addObject().put("batchSize", size);
      var shown = one.putArray("steps");
      at.stream().limit(share).forEach(shown::add);
      if (at.size() > share) {
        one.put("moreSteps", at.size() - share);
      }
    });
    return told;
  }
}
