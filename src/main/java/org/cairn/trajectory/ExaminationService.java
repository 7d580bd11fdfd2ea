package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.checkpoint.CheckpointSealed;
import org.cairn.job.JobService;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.cairn.run.RunService;

/**
 * Examines the weights of a run once its checkpoints are sealed. Reads the index only, never the
 * bytes.
 */
@ApplicationScoped
class ExaminationService {

  /** Checkpoints are often sealed by the hundred: one examination sees them all. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final TrajectoryQueries queries;
  private final RunService runs;
  private final FindingService findings;
  private final JobService jobs;

  ExaminationService(
      TrajectoryQueries queries, RunService runs, FindingService findings, JobService jobs) {
    this.queries = queries;
    this.runs = runs;
    this.findings = findings;
    this.jobs = jobs;
  }

  void sealed(@Observes CheckpointSealed event) {
    jobs.enqueueOnce(
        ExaminationJob.KIND,
        "run " + runs.ref(event.runId()),
        JsonNodeFactory.instance.objectNode().put("run", event.runId().toString()),
        QUIET);
  }

  /** Looks at all sealed checkpoints of a run; answers how many. */
  @Transactional
  int examine(UUID runId) {
    var checkpoints = queries.checkpoints(runId);
    var rules =
        List.of(
            new NonFiniteWeights(checkpoints),
            new LayoutChanges(checkpoints),
            new ConstantTensors(checkpoints),
            new EqualTensors(checkpoints),
            new EqualCheckpoints(checkpoints));
    queries.tensors(
        runId, checkpoints, (tensor, through) -> rules.forEach(rule -> rule.look(tensor, through)));
    var found = new ArrayList<NewFinding>();
    rules.forEach(rule -> found.addAll(rule.findings()));
    findings.settle(
        runId, rules.stream().map(TrajectoryRule::findingClass).collect(Collectors.toSet()), found);
    return checkpoints.size();
  }
}
