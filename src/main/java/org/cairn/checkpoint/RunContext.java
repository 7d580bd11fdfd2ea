package org.cairn.checkpoint;

import java.util.List;
import java.util.Optional;
import org.cairn.api.RegistryException;
import org.cairn.run.RunRef;
import org.cairn.run.SegmentFacts;
import org.cairn.run.StepCounter;
import org.jspecify.annotations.Nullable;

/**
 * What registering checkpoints needs to know of their run; read once for any number of them.
 *
 * @param counter counts at steps that no segment covers
 */
record RunContext(RunRef run, List<SegmentFacts> segments, StepCounter counter) {

  /** The segment that a request names, or the one that covers its step. */
  Optional<SegmentFacts> segmentOf(
      @Nullable String name, String stage, String branch, long step, String field) {
    if (name != null) {
      var named =
          segments.stream()
              .filter(s -> s.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () -> RegistryException.invalid(field, "the run has no segment " + name));
      if (!named.stage().equals(stage) || !named.branch().equals(branch)) {
        throw RegistryException.invalid(
            field,
            "segment %s is of stage \"%s\", branch \"%s\""
                .formatted(name, named.stage(), named.branch()));
      }
      return Optional.of(named);
    }
    var covering =
        segments.stream()
            .filter(s -> s.stage().equals(stage) && s.branch().equals(branch) && s.covers(step))
            .toList();
    // The state at the step where one segment ends and the next begins was saved by the one that
    // ended.
    var saving = covering.stream().filter(s -> s.startStep() < step).toList();
    var candidates = saving.isEmpty() ? covering : saving;
    if (candidates.size() > 1) {
      throw RegistryException.invalid(
          field,
          "step %d lies in segments %s: name the one that saved it"
              .formatted(
                  step, String.join(", ", candidates.stream().map(SegmentFacts::name).toList())));
    }
    return candidates.stream().findFirst();
  }
}
