package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.importer.ImportChange.Kind;
import org.cairn.importer.ImportPlanService.Plan;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.trajectory.EvaluationResults;
import org.cairn.trajectory.EvaluationService;
import org.jspecify.annotations.Nullable;

/** What an import is going to change in evaluations, and what is wrong with them. */
@ApplicationScoped
class EvaluationPlanService {

  private final EvaluationService evaluations;

  EvaluationPlanService(EvaluationService evaluations) {
    this.evaluations = evaluations;
  }

  /** Of one run: what is new, and what agrees that should not. */
  void plan(
      UUID project,
      Reading reading,
      String name,
      @Nullable UUID run,
      RunReading said,
      Set<Long> resting,
      Plan plan) {
    var known = run == null ? List.<EvaluationResults>of() : evaluations.ofRun(run);
    if (said.evaluations.isEmpty() && (said.configurations.isEmpty() || known.isEmpty())) {
      return;
    }
    var all = new LinkedHashMap<List<Object>, EvaluationResults>();
    known.forEach(one -> all.put(key(one), one));
    for (var one : said.evaluations) {
      var before = all.put(key(one), one);
      if (before == null || !isSame(one, before)) {
        var change = ImportChange.appeared(name, "evaluation", one.source());
        change.detail().put("model", one.run()).put("step", one.step());
        plan.changes()
            .add(
                before == null
                    ? change
                    : new ImportChange(
                        name, Kind.CHANGED, "evaluation", one.source(), change.detail()));
      }
    }
    EvaluationArms.check(name, all.values())
        .forEach(fault -> plan.faults().add(new RunFault(name, fault)));
    var own = byModel(name, List.copyOf(all.values()));
    own.forEach((model, results) ->
        EqualResults.ofRun(model, results, resting)
            .forEach(fault -> plan.faults().add(new RunFault(name, fault))));
    if (!said.evaluations.isEmpty()) {
      across(project, reading, name, own, plan);
    }
  }

  /** Each pair of runs once: those of the import beside one another, and beside all others. */
  private void across(
      UUID project,
      Reading reading,
      String name,
      Map<String, List<EvaluationResults>> own,
      Plan plan) {
    boolean after = false;
    for (var other : reading.runs().entrySet()) {
      if (after && !other.getValue().evaluations.isEmpty()) {
        compare(name, own, other.getKey(), other.getValue().evaluations, plan);
      }
      after |= other.getKey().equals(name);
    }
    evaluations.ofOthers(
        project, reading.runs().keySet(), (run, results) -> compare(name, own, run, results, plan));
  }

  private static void compare(
      String run,
      Map<String, List<EvaluationResults>> own,
      String otherRun,
      List<EvaluationResults> results,
      Plan plan) {
    var others = byModel(otherRun, results);
    own.forEach((model, mine) ->
        others.forEach((otherModel, theirs) ->
            EqualResults.ofRuns(model, mine, otherModel, theirs)
                .ifPresent(fault -> {
                  plan.faults().add(new RunFault(run, fault));
                })));
  }

  /** By what was evaluated: the run itself where that is one model, whatever it is called. */
  private static Map<String, List<EvaluationResults>> byModel(
      String run, List<EvaluationResults> results) {
    var models =
        results.stream()
            .collect(
                Collectors.groupingBy(EvaluationResults::run, TreeMap::new, Collectors.toList()));
    return models.size() == 1 ? Map.of(run, results) : models;
  }

  /** Numbers by their value, not by how many zeros they end with. */
  private static boolean isSame(EvaluationResults one, EvaluationResults before) {
    return one.values().keySet().equals(before.values().keySet())
        && one.with(before).equal() == one.values().size()
        && Objects.equals(one.batchSize(), before.batchSize());
  }

  private static List<Object> key(EvaluationResults one) {
    return List.of(one.source(), one.run(), one.step(), one.setting());
  }
}
