package org.cairn.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Lines that say the same twice: step and address. OLMo-2-1124-13B.csv has 690 rows of 650 steps.
 * One step at two addresses is no duplicate: see {@link Launches}.
 */
final class DuplicateEntries {

  /** Most of them that are told. */
  private static final int SHOWN = 1_000;

  private DuplicateEntries() {}

  static Optional<Fault> check(
      Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var lines = new TreeMap<Long, Map<String, List<Integer>>>();
    for (var one : checkpoints) {
      lines
          .computeIfAbsent(one.step(), step -> new LinkedHashMap<>())
          .computeIfAbsent(String.valueOf(one.address()), address -> new ArrayList<>())
          .add(one.line());
    }
    var fault = Fault.of("duplicate-entry", listing, counter);
    fault.evidence().put("rows", checkpoints.size()).put("distinctSteps", lines.size());
    var duplicates = fault.evidence().putArray("duplicates");
    lines.forEach((step, addresses) ->
        addresses.values().stream()
            .filter(found -> found.size() > 1 && duplicates.size() < SHOWN)
            .forEach(found ->
                duplicates.addObject().put("step", step).set("lines", Fault.lines(found))));
    return duplicates.isEmpty() ? Optional.empty() : Optional.of(fault);
  }
}
