package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.checkpoint.CheckpointSealed;
import org.cairn.job.JobService;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.cairn.run.RunFileService;
import org.cairn.run.RunFileView;
import org.cairn.run.RunService;

/**
 * Examines the weights of a run once its checkpoints are sealed. Reads the index only, never the
 * bytes of weights.
 */
@ApplicationScoped
class ExaminationService {

  /** Checkpoints are often sealed by the hundred: one examination sees them all. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** Times its own duration that an examination waits: so it never takes much of the machine. */
  private static final long PATIENCE = 10;

  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Most logs of a run that are read. */
  private static final int LOGS = 16;

  private final TrajectoryQueries queries;
  private final RunService runs;
  private final RunFileService files;
  private final ArtifactService artifacts;
  private final FindingService findings;
  private final JobService jobs;

  ExaminationService(
      TrajectoryQueries queries,
      RunService runs,
      RunFileService files,
      ArtifactService artifacts,
      FindingService findings,
      JobService jobs) {
    this.queries = queries;
    this.runs = runs;
    this.files = files;
    this.artifacts = artifacts;
    this.findings = findings;
    this.jobs = jobs;
  }

  void sealed(@Observes CheckpointSealed event) {
    jobs.enqueueOnce(
        ExaminationJob.KIND,
        "run " + runs.ref(event.runId()),
        JsonNodeFactory.instance.objectNode().put("run", event.runId().toString()),
        delay(queries.took(event.runId())));
  }

  private static Duration delay(long tookMs) {
    return Duration.ofMillis(Math.clamp(PATIENCE * tookMs, QUIET.toMillis(), LONGEST.toMillis()));
  }

  /**
   * Logs to read before an examination.
   *
   * @param complete whether none of them is still being verified
   */
  record Logs(List<RunFileView> files, boolean complete) {}

  /** The logs that may explain why checkpoints of a run are equal; none where none are. */
  @Transactional
  Logs logs(UUID runId) {
    if (EqualCheckpoints.sets(queries.checkpoints(runId)).isEmpty()) {
      return new Logs(List.of(), true);
    }
    var logs = files.logs(runId, LOGS).stream().filter(LearningRateLog::isOne).toList();
    var statuses = artifacts.statuses(logs.stream().map(RunFileView::sha256).toList());
    Map<ArtifactState, List<RunFileView>> byState =
        logs.stream()
            .collect(
                Collectors.groupingBy(
                    log -> Objects.requireNonNull(statuses.get(log.sha256())).state()));
    return new Logs(
        byState.getOrDefault(ArtifactState.VERIFIED, List.of()),
        !byState.containsKey(ArtifactState.VERIFYING));
  }

  /**
   * Looks at all sealed checkpoints of a run; answers how many.
   *
   * @param resting what the logs say
   */
  @Transactional
  int examine(UUID runId, RestingSteps resting) {
    long begun = System.nanoTime();
    var checkpoints = queries.checkpoints(runId);
    var rules =
        List.of(
            new NonFiniteWeights(checkpoints),
            new LayoutChanges(checkpoints),
            new ConstantTensors(checkpoints),
            new EqualTensors(checkpoints),
            new EqualCheckpoints(checkpoints, resting),
            new Continuity(checkpoints));
    queries.tensors(
        runId, checkpoints, (tensor, through) -> rules.forEach(rule -> rule.look(tensor, through)));
    var found = new ArrayList<NewFinding>();
    rules.forEach(rule -> found.addAll(rule.findings()));
    long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    if (queries.examined(runId, checkpoints.size(), took)) {
      findings.settle(
          runId,
          rules.stream().map(TrajectoryRule::findingClass).collect(Collectors.toSet()),
          found);
    } else {
      Log.debugf("An examination of run %s was overtaken by one of more checkpoints", runId);
    }
    return checkpoints.size();
  }
}
