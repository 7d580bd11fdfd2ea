package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cairn.trajectory.EvaluationResults;

/**
 * Evaluations of one setting that are to be compared and were run with other batches, on which
 * padding and with it results depend. Pythia-410m-deduped was evaluated with batches of 4, its
 * intervention of 16, but at step 141,000.
 */
final class EvaluationArms {

  private EvaluationArms() {}

  /**
   * @param compared evaluations that belong together: of one run, or of the arms of an experiment
   */
  static List<Fault> check(String what, Collection<EvaluationResults> compared) {
    var settings = new TreeMap<String, SortedMap<String, List<EvaluationResults>>>();
    for (var one : compared) {
      if (one.batchSize() != null) {
        settings
            .computeIfAbsent(one.setting(), setting -> new TreeMap<>())
            .computeIfAbsent(one.batchSize(), size -> new ArrayList<>())
            .add(one);
      }
    }
    return settings.entrySet().stream()
        .filter(setting -> setting.getValue().size() > 1)
        .map(setting -> fault(what, setting.getKey(), setting.getValue()))
        .toList();
  }

  private static Fault fault(
      String what, String setting, SortedMap<String, List<EvaluationResults>> byBatch) {
    var evidence = JsonNodeFactory.instance.objectNode().put("setting", setting);
    var sizes = evidence.putArray("batchSizes");
    byBatch.forEach((size, evaluations) -> {
      var told = sizes.addObject().put("batchSize", size).put("evaluations", evaluations.size());
      var runs = told.putObject("stepsByRun");
      evaluations.stream()
          .map(EvaluationResults::run)
          .distinct()
          .sorted()
          .forEach(run -> {
            var steps = runs.putArray(run);
            evaluations.stream()
                .filter(one -> one.run().equals(run))
                .mapToLong(EvaluationResults::step)
                .distinct()
                .sorted()
                .forEach(steps::add);
          });
    });
    return new Fault(
        "evaluation-batch-differs", ("evaluations of " + what + " " + setting).strip(), evidence);
  }
}
