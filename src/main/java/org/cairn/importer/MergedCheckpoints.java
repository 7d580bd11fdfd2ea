package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Checkpoints that are averages of others, by their addresses: {@code step11921+11000+10000}. They
 * were not saved by training at the step of their line.
 */
final class MergedCheckpoints {

  private MergedCheckpoints() {}

  static Optional<Fault> check(
      Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var fault = Fault.of("merged-checkpoint", listing, counter);
    var rows = fault.evidence().putArray("rows");
    Set<Long> saved =
        checkpoints.stream()
            .filter(one -> one.addressed().map(said -> said.merged().isEmpty()).orElse(false))
            .map(ListedCheckpoint::step)
            .collect(Collectors.toSet());
    for (var one : checkpoints) {
      var merged = one.addressed().map(said -> said.merged()).orElse(List.of());
      if (!merged.isEmpty()) {
        var row =
            rows.addObject()
                .put("line", one.line())
                .put("step", one.step())
                .put("address", one.address());
        ArrayNode from = row.putArray("mergedSteps");
        merged.forEach(from::add);
        ArrayNode missing = row.putArray("notListed");
        merged.stream().filter(step -> !saved.contains(step)).forEach(missing::add);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(fault);
  }
}
