package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
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
    for (int i = 0; i < lineage.launches().size(); i++) {
      var launch = lineage.launches().get(i);
      var before = before(lineage.launches().subList(0, i), launch);
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

  /** Of the same stage where it goes on with its counter; else the end of the stage before. */
  private static @Nullable Launch before(List<Launch> earlier, Launch launch) {
    for (var one : earlier.reversed()) {
      if (one.run().equals(launch.run()) && one.stage().equals(launch.stage()) == launch.goesOn()) {
        return one;
      }
    }
    return null;
  }
}
