package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Checkpoints that are averages of others, by their addresses or branches: {@code
 * step11921+11000+10000}, {@code ingredient1+2-step23842}, {@code souped}. They were not saved by
 * training at the step of their line.
 */
final class MergedCheckpoints {

  /** Most lines that are told of one counter. */
  private static final int ROWS = 1_000;

  private MergedCheckpoints() {}

  /** One fault for each counter that has some. */
  static List<Fault> check(Listing listing) {
    var merges = new LinkedHashMap<Counter, List<ListedCheckpoint>>();
    var saved = new HashMap<String, Map<Long, Set<String>>>();
    for (var one : listing.checkpoints()) {
      if (one.isMerged()) {
        merges.computeIfAbsent(one.counter(), counter -> new ArrayList<>()).add(one);
      } else {
        saved
            .computeIfAbsent(one.stage(), stage -> new HashMap<>())
            .computeIfAbsent(one.step(), step -> new HashSet<>())
            .add(one.branch());
      }
    }
    var faults = new ArrayList<Fault>();
    merges.forEach((counter, members) -> {
      var fault = Fault.of("merged-checkpoint", listing, counter);
      var rows = fault.evidence().put("count", members.size()).putArray("rows");
      var ofStage = saved.getOrDefault(counter.stage(), Map.of());
      members.stream().limit(ROWS).forEach(one -> tell(rows, one, ofStage));
      faults.add(fault);
    });
    return faults;
  }

  /**
   * @param saved the branches that training saved in the same stage, by step
   */
  private static void tell(ArrayNode rows, ListedCheckpoint one, Map<Long, Set<String>> saved) {
    var row =
        rows.addObject()
            .put("line", one.line())
            .put("step", one.step())
            .put("address", one.address());
    var steps = one.addressed().map(said -> said.merged()).orElse(List.of());
    if (!steps.isEmpty()) {
      var merged = row.putArray("mergedSteps");
      steps.forEach(merged::add);
      var missing = row.putArray("notListed");
      steps.stream().filter(step -> !saved.containsKey(step)).forEach(missing::add);
    }
    var branches = one.mergedBranches();
    if (!branches.isEmpty()) {
      var merged = row.putArray("mergedBranches");
      branches.forEach(merged::add);
      var listed = saved.getOrDefault(one.step(), Set.of());
      var missing = row.putArray("branchesNotListed");
      branches.stream().filter(branch -> !listed.contains(branch)).forEach(missing::add);
    }
  }
}
