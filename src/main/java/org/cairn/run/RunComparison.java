package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cairn.recipe.ConfigurationView;
import org.jspecify.annotations.Nullable;

/** Compares two runs, segment by segment, and how they were evaluated. */
final class RunComparison {

  /** Most differences that are listed. */
  static final int LISTED = 5_000;

  private final ObjectMapper json;
  private final RunDiffView.Side left;
  private final RunDiffView.Side right;
  private final List<RunDiffView.Difference> differences = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<RunDiffView.Gap> gaps = new ArrayList<>();
  private boolean unknown;

  RunComparison(ObjectMapper json, RunDiffView.Side left, RunDiffView.Side right) {
    this.json = json;
    this.left = left;
    this.right = right;
  }

  /** A segment with what its run and its configuration say of it; null for none. */
  record Compared(
      SegmentView segment,
      @Nullable List<BatchPoint> runSchedule,
      @Nullable ConfigurationView configuration) {

    JsonNode schedule(ObjectMapper json) {
      var own = segment.batchSchedule();
      return json.valueToTree(own == null ? runSchedule : own);
    }
  }

  /** Neither run has a segment. */
  void nothing() {
    gaps.add(new RunDiffView.Gap("segments", null, null, missing(true, true)));
    unknown = true;
  }

  /** A segment that the other run has no counterpart of. */
  void unpaired(@Nullable Compared onLeft, @Nullable Compared onRight) {
    add(
        "segments",
        "segments",
        new JsonDifferences.Difference(
            nameOf(onLeft == null ? onRight : onLeft), placeOf(onLeft), placeOf(onRight)),
        null,
        null);
  }

  private static String nameOf(@Nullable Compared one) {
    return one == null ? "" : one.segment().name();
  }

  private static @Nullable JsonNode placeOf(@Nullable Compared one) {
    return one == null
        ? null
        : JsonNodeFactory.instance
            .objectNode()
            .put("stage", one.segment().stage())
            .put("branch", one.segment().branch())
            .put("startStep", one.segment().startStep());
  }

  void pair(Compared one, Compared other) {
    configurations(one, other);
    var a = one.segment();
    var b = other.segment();
    compare("argv", arguments(a.argv()), arguments(b.argv()), one, other, true);
    compare("seeds", tree(a.seeds()), tree(b.seeds()), one, other, true);
    compare("schedule", one.schedule(json), other.schedule(json), one, other, true);
    compare("data", tree(a.dataOrder()), tree(b.dataOrder()), one, other, true);
    compare("start", start(a), start(b), one, other, true);
    compare("code", a.code(), b.code(), one, other, false);
    compare("environment", a.environment(), b.environment(), one, other, false);
    compare("hardware", hardware(a), hardware(b), one, other, false);
  }

  /** How both runs were evaluated, batch sizes by setting and step. */
  void evaluations(
      Map<String, SortedMap<Long, SortedSet<String>>> onLeft,
      Map<String, SortedMap<Long, SortedSet<String>>> onRight) {
    EvaluationBatches.between(onLeft, onRight)
        .forEach(difference -> add("evaluation", "evaluation", difference, null, null));
  }

  private void configurations(Compared one, Compared other) {
    var a = one.configuration();
    var b = other.configuration();
    var reason =
        a == null || b == null
            ? missing(a == null, b == null)
            : a.resolved() == null || b.resolved() == null
                ? "the configuration of "
                    + (a.resolved() == null ? "left" : "right")
                    + " cannot be read: "
                    + (a.resolved() == null ? a.parseError() : b.parseError())
                : null;
    if (reason != null) {
      gap("configuration", one, other, reason);
      unknown = true;
    } else if (a != null && b != null && (a.digest() == null || !a.digest().equals(b.digest()))) {
      for (var difference : JsonDifferences.between(a.resolved(), b.resolved())) {
        add(
            TrainingFactors.ofKey(difference.key()),
            "configuration",
            difference,
            one.segment().name(),
            other.segment().name());
      }
    }
  }

  /**
   * @param decides whether one side that tells nothing leaves open whether the runs differ
   */
  private void compare(
      String aspect,
      @Nullable JsonNode a,
      @Nullable JsonNode b,
      Compared one,
      Compared other,
      boolean decides) {
    boolean noLeft = isNothing(a);
    boolean noRight = isNothing(b);
    if (noLeft || noRight) {
      // A segment without a parent, and one without arguments, tell just that.
      boolean tells = aspect.equals("start");
      if (!tells) {
        if (!(noLeft && noRight && aspect.equals("argv"))) {
          gap(aspect, one, other, missing(noLeft, noRight));
        }
        unknown |= decides && noLeft != noRight;
        return;
      }
    }
    for (var difference : JsonDifferences.between(noLeft ? null : a, noRight ? null : b)) {
      add(
          factor(aspect, difference.key()),
          aspect,
          difference,
          one.segment().name(),
          other.segment().name());
    }
  }

  private static String factor(String aspect, String key) {
    return switch (aspect) {
      case "argv" -> TrainingFactors.ofKey(key);
      case "data" -> key.equals("datasetVersion") ? "data" : "order";
      case "seeds" -> "seed";
      case "schedule" -> "batch";
      default -> aspect;
    };
  }

  private static boolean isNothing(@Nullable JsonNode node) {
    return node == null || node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  private static String missing(boolean onLeft, boolean onRight) {
    return onLeft && onRight
        ? "neither side tells it"
        : (onLeft ? "left" : "right") + " does not tell it";
  }

  private void gap(String aspect, Compared one, Compared other, String reason) {
    gaps.add(new RunDiffView.Gap(aspect, one.segment().name(), other.segment().name(), reason));
  }

  private void add(
      String factor,
      String aspect,
      JsonDifferences.Difference difference,
      @Nullable String leftSegment,
      @Nullable String rightSegment) {
    counts.merge(factor, 1, Integer::sum);
    if (differences.size() < LISTED) {
      differences.add(
          new RunDiffView.Difference(
              factor,
              aspect,
              leftSegment,
              rightSegment,
              difference.key(),
              JsonDifferences.shown(difference.left(), difference.right()),
              JsonDifferences.shown(difference.right(), difference.left())));
    }
  }

  private @Nullable JsonNode tree(@Nullable Object value) {
    return value == null ? null : json.valueToTree(value);
  }

  /**
   * Of where it starts: the checkpoint that is meant where that is known, else as it is written.
   */
  private JsonNode start(SegmentView segment) {
    var start = JsonNodeFactory.instance.objectNode();
    var parents = start.putArray("parents");
    for (var parent : segment.parents()) {
      var resolved = parent.resolved();
      parents
          .addObject()
          .put("kind", parent.kind().toString())
          .put(
              "checkpoint",
              resolved == null
                  ? parent.checkpoint() == null ? parent.external() : parent.checkpoint()
                  : address(segment, resolved))
          .<ObjectNode>set("loads", tree(parent.loads()))
          .put("coefficient", parent.coefficient());
    }
    return start;
  }

  /** Two runs that both go on with what they saved themselves start alike. */
  private static String address(SegmentView segment, ParentView.ParentCheckpoint parent) {
    var own = parent.project().equals(segment.project()) && parent.run().equals(segment.run());
    return (own ? "" : parent.project() + "/" + parent.run()) + "@" + parent.label();
  }

  private static @Nullable JsonNode hardware(SegmentView segment) {
    var hardware = segment.hardware();
    if (segment.worldSize() == null) {
      return hardware;
    }
    var whole = hardware == null ? JsonNodeFactory.instance.objectNode() : hardware.deepCopy();
    return whole.put("worldSize", segment.worldSize());
  }

  /** {@code --lr 0.1 --seed=3 go} as {@code {"lr": "0.1", "seed": "3", "arguments": ["go"]}}. */
  private static @Nullable JsonNode arguments(@Nullable List<String> argv) {
    if (argv == null) {
      return null;
    }
    var options = JsonNodeFactory.instance.objectNode();
    var others = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < argv.size(); i++) {
      var word = argv.get(i);
      var equals = word.indexOf('=');
      var begins = word.startsWith("--") ? 2 : 0;
      if (equals > begins) {
        options.put(word.substring(begins, equals), word.substring(equals + 1));
      } else if (begins > 0 && i + 1 < argv.size() && !argv.get(i + 1).startsWith("--")) {
        options.put(word.substring(begins), argv.get(++i));
      } else if (begins > 0) {
        options.put(word.substring(begins), true);
      } else {
        others.add(word);
      }
    }
    return others.isEmpty() ? options : options.set("arguments", others);
  }

  /**
   * What it all comes to.
   *
   * @param named factors that the request declares
   */
  RunDiffView view(
      Map<String, JsonNode> leftAxes, Map<String, JsonNode> rightAxes, Set<String> named) {
    var axes = new ArrayList<RunDiffView.Axis>();
    var declared = new LinkedHashSet<>(named.stream().map(TrainingFactors::ofAxis).toList());
    var names = new TreeSet<>(leftAxes.keySet());
    names.addAll(rightAxes.keySet());
    for (var axis : names) {
      var a = leftAxes.get(axis);
      var b = rightAxes.get(axis);
      if (!JsonDifferences.between(a, b).isEmpty()) {
        axes.add(new RunDiffView.Axis(axis, TrainingFactors.ofAxis(axis), a, b));
        declared.add(TrainingFactors.ofAxis(axis));
      }
    }
    var factors = new LinkedHashMap<String, RunDiffView.Factor>();
    counts.forEach((name, count) -> factors.put(name, factor(name, declared, count)));
    declared.forEach(name -> factors.putIfAbsent(name, factor(name, declared, 0)));
    return new RunDiffView(
        left,
        right,
        verdict(factors),
        List.copyOf(factors.values()),
        axes,
        gaps,
        differences,
        counts.values().stream().mapToInt(Integer::intValue).sum() > differences.size());
  }

  private static RunDiffView.Factor factor(String name, Set<String> declared, int count) {
    return new RunDiffView.Factor(
        name,
        TrainingFactors.isDeclared(name, declared),
        TrainingFactors.shapesTraining(name),
        count);
  }

  private RunDiffView.Verdict verdict(Map<String, RunDiffView.Factor> factors) {
    var shaping =
        factors.values().stream()
            .filter(factor -> factor.shapesTraining() && factor.differences() > 0)
            .toList();
    if (!shaping.stream().allMatch(RunDiffView.Factor::declared)) {
      return RunDiffView.Verdict.NOT_AS_DECLARED;
    }
    if (unknown) {
      return RunDiffView.Verdict.UNKNOWN;
    }
    return shaping.isEmpty() ? RunDiffView.Verdict.EQUAL : RunDiffView.Verdict.AS_DECLARED;
  }
}
