package org.cairn.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.access.Access;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;
import org.cairn.recipe.ConfigurationService;
import org.cairn.recipe.ConfigurationView;
import org.cairn.run.RunComparison.Compared;
import org.jspecify.annotations.Nullable;

/** Says in what two runs differ. */
@ApplicationScoped
class RunDiffService {

  /** Most segments of a run that are compared. */
  private static final int SEGMENTS = 500;

  /** Most characters of all their configurations together: they are read as a whole. */
  private static final long CONFIGURATIONS = 16L << 20;

  private final RunService runs;
  private final SegmentService segments;
  private final ConfigurationService configurations;
  private final RunEvaluations evaluations;
  private final Access access;
  private final ObjectMapper json;

  RunDiffService(
      RunService runs,
      SegmentService segments,
      ConfigurationService configurations,
      RunEvaluations evaluations,
      Access access,
      ObjectMapper json) {
    this.runs = runs;
    this.segments = segments;
    this.configurations = configurations;
    this.evaluations = evaluations;
    this.access = access;
    this.json = json;
  }

  /**
   * Compares the segments that have one name, or else one stage, branch and first step; the only
   * segments of two runs are compared whatever they are called. Evaluations are of runs: where
   * segments are named, they are not compared.
   *
   * @param leftSegment the only one to compare, with {@code rightSegment}; null for all
   * @param factors by what the runs are said to differ, beside their axes
   */
  @Transactional
  RunDiffView diff(
      String left,
      String right,
      @Nullable String leftSegment,
      @Nullable String rightSegment,
      Set<String> factors) {
    if ((leftSegment == null) != (rightSegment == null)) {
      throw RegistryException.invalid(
          leftSegment == null ? "leftSegment" : "rightSegment",
          "leftSegment and rightSegment come together");
    }
    var one = side("left", left, leftSegment);
    var other = side("right", right, rightSegment);
    var known = configurationsOf(one, other);
    var comparison = new RunComparison(json, one.view(), other.view());
    var leftOver = new ArrayList<>(other.segments());
    var unpaired = new ArrayList<SegmentView>();
    if (one.segments().isEmpty() && other.segments().isEmpty()) {
      comparison.nothing();
    }
    boolean single = one.segments().size() == 1 && other.segments().size() == 1;
    for (var segment : one.segments()) {
      var twin = single ? leftOver.getFirst() : twin(segment, leftOver, RunDiffService::name);
      if (twin == null) {
        unpaired.add(segment);
      } else {
        leftOver.remove(twin);
        comparison.pair(compared(one, segment, known), compared(other, twin, known));
      }
    }
    for (var segment : unpaired) {
      var twin = twin(segment, leftOver, RunDiffService::place);
      if (twin == null) {
        comparison.unpaired(compared(one, segment, known), null);
      } else {
        leftOver.remove(twin);
        comparison.pair(compared(one, segment, known), compared(other, twin, known));
      }
    }
    leftOver.forEach(segment -> comparison.unpaired(null, compared(other, segment, known)));
    if (leftSegment == null) {
      comparison.evaluations(evaluations.batchSizes(one.id()), evaluations.batchSizes(other.id()));
    }
    return comparison.view(one.run().axes(), other.run().axes(), factors);
  }

  /** A run with those of its segments that are compared. */
  private record Side(UUID id, RunView run, List<SegmentView> segments) {
    RunDiffView.Side view() {
      return new RunDiffView.Side(
          run.project(), run.name(), segments.stream().map(SegmentView::name).toList());
    }
  }

  private Side side(String field, String name, @Nullable String segment) {
    var slash = name.indexOf('/');
    if (slash < 0
        || !Names.isSlug(name.substring(0, slash))
        || !Names.isSlug(name.substring(slash + 1))) {
      throw RegistryException.invalid(field, "is written as project/run");
    }
    var ref = runs.ref(name.substring(0, slash), name.substring(slash + 1));
    if (!access.mayRead(ref.project(), ref.isPrivate())) {
      throw RegistryException.notFound("run", name);
    }
    var run = runs.get(ref.project(), ref.name()).view();
    if (segment != null) {
      return new Side(
          ref.id(), run, List.of(segments.get(ref.project(), ref.name(), segment).view()));
    }
    var all = segments.first(ref, SEGMENTS + 1);
    if (all.size() > SEGMENTS) {
      throw RegistryException.invalid(
          field,
          "has more than "
              + SEGMENTS
              + " segments: leftSegment and rightSegment name the ones to compare");
    }
    return new Side(ref.id(), run, all);
  }

  private Map<UUID, ConfigurationView> configurationsOf(Side left, Side right) {
    var ids =
        Stream.of(left, right)
            .flatMap(side -> side.segments().stream())
            .map(SegmentView::configuration)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    var size = configurations.sizeOf(ids);
    if (size > CONFIGURATIONS) {
      throw RegistryException.invalid(
          "left",
          "the configurations of both runs have %d characters, and at most %d are compared: leftSegment and rightSegment name two segments"
              .formatted(size, CONFIGURATIONS));
    }
    return configurations.byIds(ids);
  }

  private static Compared compared(
      Side side, SegmentView segment, Map<UUID, ConfigurationView> configurations) {
    var id = segment.configuration();
    return new Compared(
        segment, side.run().batchSchedule(), id == null ? null : configurations.get(id));
  }

  private static @Nullable SegmentView twin(
      SegmentView segment, List<SegmentView> others, Function<SegmentView, String> by) {
    return others.stream()
        .filter(other -> by.apply(other).equals(by.apply(segment)))
        .findFirst()
        .orElse(null);
  }

  private static String name(SegmentView segment) {
    return segment.name().toLowerCase(Locale.ROOT);
  }

  private static String place(SegmentView segment) {
    return segment.stage() + "/" + segment.branch() + "/" + segment.startStep();
  }
}
