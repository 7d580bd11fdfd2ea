package org.cairn.importer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Checkpoints that are averages of others, by their addresses or branches: {@code
 * step11921+11000+10000}, {@code ingredient1+2-step23842}, {@code souped}. They were not saved by
 * training at the step of their line.
 */
final class MergedCheckpoints {

  private MergedCheckpoints() {}

  static Optional<Fault> check(
      Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var fault = Fault.of("merged-checkpoint", listing, counter);
    var rows = fault.evidence().putArray("rows");
    for (var one : checkpoints) {
      if (!one.isMerged()) {
        continue;
      }
      var row =
          rows.addObject()
              .put("line", one.line())
              .put("step", one.step())
              .put("address", one.address());
      var saved = saved(listing, one);
      var steps = one.addressed().map(said -> said.merged()).orElse(List.of());
      var branches = one.mergedBranches();
      if (!steps.isEmpty()) {
        var merged = row.putArray("mergedSteps");
        steps.forEach(merged::add);
        var listed = saved.stream().map(ListedCheckpoint::step).collect(Collectors.toSet());
        var missing = row.putArray("notListed");
        steps.stream().filter(step -> !listed.contains(step)).forEach(missing::add);
      }
      if (!branches.isEmpty()) {
        var merged = row.putArray("mergedBranches");
        branches.forEach(merged::add);
        Set<String> listed =
            saved.stream()
                .filter(other -> other.step() == one.step())
                .map(ListedCheckpoint::branch)
                .collect(Collectors.toSet());
        var missing = row.putArray("branchesNotListed");
        branches.stream().filter(branch -> !listed.contains(branch)).forEach(missing::add);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(fault);
  }

  /** What training saved in the same stage. */
  private static List<ListedCheckpoint> saved(Listing listing, ListedCheckpoint merged) {
    return listing.checkpoints().stream()
        .filter(other -> other.stage().equals(merged.stage()) && !other.isMerged())
        .toList();
  }
}
