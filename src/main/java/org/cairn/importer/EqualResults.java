package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cairn.trajectory.EvaluationResults;
import org.cairn.trajectory.EvaluationResults.Agreement;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of different steps or runs that were evaluated with the same results in everything,
 * so that they are the same weights, or the results are another's. Those of Pythia-2.8b up to step
 * 1,000 are those of its deduped twin.
 */
final class EqualResults {

  private EqualResults() {}

  /**
   * Steps of one run that follow one another and were evaluated with equal results.
   *
   * @param resting steps at which the learning rate was zero: the weights after are those before
   */
  static List<Fault> ofRun(String run, Collection<EvaluationResults> results, Set<Long> resting) {
    var faults = new ArrayList<Fault>();
    bySetting(results)
        .forEach((setting, steps) -> {
          EvaluationResults last = null;
          for (var one : steps.values()) {
            if (last != null && last.with(one).isWhole()) {
              faults.add(equalSteps(run, setting, last, one, resting));
            }
            last = one;
          }
        });
    return faults;
  }

  private static Fault equalSteps(
      String run,
      String setting,
      EvaluationResults one,
      EvaluationResults other,
      Set<Long> resting) {
    boolean explained = rests(one.step(), other.step(), resting);
    var evidence =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run)
            .put("setting", setting)
            .put("values", one.with(other).common());
    evidence.putArray("steps").add(one.step()).add(other.step());
    evidence.putArray("sources").add(one.source()).add(other.source());
    if (explained) {
      evidence.put("cause", "the learning rate is 0 at the steps between");
    }
    return new Fault(
        explained ? "duplicate-content-explained" : "duplicate-results",
        "%s steps %d and %d".formatted(setting, one.step(), other.step()),
        evidence);
  }

  /** Step 5 is the weights after the updates 0 to 4. */
  static boolean rests(long from, long to, Set<Long> resting) {
    if (to - from > resting.size()) {
      return false;
    }
    for (long step = from; step < to; step++) {
      if (!resting.contains(step)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Two runs with equal results at a step at which training has changed them: runs that begin with
   * the same weights agree until then.
   */
  static Optional<Fault> ofRuns(
      String run,
      Collection<EvaluationResults> results,
      String otherRun,
      Collection<EvaluationResults> otherResults) {
    var evidence = JsonNodeFactory.instance.objectNode().put("run", run).put("otherRun", otherRun);
    var settings = evidence.putObject("equalValuesByStep");
    var equalSteps = new TreeSet<Long>();
    var others = bySetting(otherResults);
    bySetting(results)
        .forEach((setting, steps) -> {
          var theirs = others.get(setting);
          if (theirs != null) {
            compare(steps, theirs, settings.putObject(setting), equalSteps);
          }
        });
    if (equalSteps.isEmpty()) {
      return Optional.empty();
    }
    var told = evidence.putArray("stepsEqualInAll");
    equalSteps.forEach(told::add);
    return Optional.of(
        new Fault("cross-run-duplicate-results", "runs " + run + " and " + otherRun, evidence));
  }

  private static void compare(
      Map<Long, EvaluationResults> steps,
      Map<Long, EvaluationResults> theirs,
      ObjectNode told,
      Set<Long> equalSteps) {
    @Nullable EvaluationResults first = null;
    for (var one : steps.values()) {
      var other = theirs.get(one.step());
      if (other == null) {
        continue;
      }
      Agreement agreement = one.with(other);
      told.putArray(String.valueOf(one.step())).add(agreement.equal()).add(agreement.common());
      boolean begun = first != null ? !one.with(first).isWhole() : one.step() > 0;
      if (begun && agreement.isWhole()) {
        equalSteps.add(one.step());
      }
      first = first == null && one.step() == 0 ? one : first;
    }
  }

  private static Map<String, Map<Long, EvaluationResults>> bySetting(
      Collection<EvaluationResults> results) {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                EvaluationResults::setting,
                TreeMap::new,
                Collectors.toMap(
                    EvaluationResults::step, one -> one, (one, again) -> one, TreeMap::new)));
  }
}
