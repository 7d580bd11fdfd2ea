package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.cairn.importer.Lineage.Launch;
import org.jspecify.annotations.Nullable;

/**
 * Launches that do not begin where the one before them ended. The first part of OLMo-3-1025-7B is
 * stopped at step 597046, and the second one begins with step 596047.
 */
final class SegmentBorders {

  private SegmentBorders() {}

  static List<Fault> check(Lineage lineage) {
    var faults = new ArrayList<Fault>();
    var earlier = new HashMap<String, LinkedHashMap<String, Launch>>();
    for (var launch : lineage.launches()) {
      var stages = earlier.computeIfAbsent(launch.run(), run -> new LinkedHashMap<>());
      var before = before(stages, launch);
      stages.putLast(launch.stage(), launch);
      var began = launch.parentStep().orElse(null);
      var ended = before == null ? null : before.lastStep();
      if (before == null || began == null || ended == null || began.equals(ended)) {
        continue;
      }
      var evidence =
          JsonNodeFactory.instance
              .objectNode()
              .put("file", lineage.name())
              .put("before", before.name())
              .put("lastStep", ended)
              .put("after", launch.name())
              .put("startsFrom", launch.parent())
              .put("startStep", began)
              .put("stepsBetween", began - ended);
      faults.add(
          new Fault(
              "segment-boundary-mismatch",
              "segments " + before.name() + " and " + launch.name(),
              evidence));
    }
    return faults;
  }

  /**
   * Of the same stage where it goes on with its counter; else the end of the stage before.
   *
   * @param stages the last launch of each stage of the run, in the order of these
   */
  private static @Nullable Launch before(SequencedMap<String, Launch> stages, Launch launch) {
    if (launch.goesOn()) {
      return stages.get(launch.stage());
    }
    return stages.reversed().values().stream()
        .filter(one -> !one.stage().equals(launch.stage()))
        .findFirst()
        .orElse(null);
  }
}
