package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.cairn.artifact.ArtifactReader;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;

/** Examines the weights of a run. */
@ApplicationScoped
class ExaminationJob implements JobHandler {

  static final String KIND = "examine-run";

  /** Longer logs are not read, in bytes. */
  private static final long LOG_MAX = 256L << 20;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final ExaminationService examinations;
  private final ArtifactReader artifacts;

  ExaminationJob(ExaminationService examinations, ArtifactReader artifacts) {
    this.examinations = examinations;
    this.artifacts = artifacts;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) throws IOException {
    var run = UUID.fromString(job.payload().path("run").asText());
    var resting = new RestingSteps();
    var logs = examinations.logs(run);
    if (!logs.complete()) {
      return new JobOutcome.Retry(SOON, "waiting for the verification of logs");
    }
    for (var log : logs.files()) {
      if (log.size() <= LOG_MAX) {
        try (var bytes = new BufferedInputStream(artifacts.open(log.sha256()))) {
          LearningRateLog.read(log, bytes, resting);
        }
      }
    }
    int checkpoints = examinations.examine(run, resting);
    job.progress(checkpoints, checkpoints);
    return JobOutcome.SUCCEEDED;
  }
}
