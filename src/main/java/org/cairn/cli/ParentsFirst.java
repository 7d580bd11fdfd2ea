package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which runs can be recorded: a fork names a checkpoint that must be there. */
final class ParentsFirst {

  private ParentsFirst() {}

  static List<RunPlan> sort(List<RunPlan> plans) {
    var byName = new HashMap<String, RunPlan>();
    plans.forEach(plan -> byName.put(plan.folder().name(), plan));
    var sorted = new ArrayList<RunPlan>();
    var visited = new HashSet<String>();
    plans.forEach(plan -> visit(plan, byName, visited, sorted));
    return sorted;
  }

  /** Runs that claim each other as parents keep their order; the registry will say so. */
  private static void visit(
      RunPlan plan, Map<String, RunPlan> byName, Set<String> visited, List<RunPlan> sorted) {
    if (!visited.add(plan.folder().name())) {
      return;
    }
    var name = plan.facts().parentRun();
    var parent = name == null ? null : byName.get(name);
    if (parent != null) {
      visit(parent, byName, visited, sorted);
    }
    sorted.add(plan);
  }
}
