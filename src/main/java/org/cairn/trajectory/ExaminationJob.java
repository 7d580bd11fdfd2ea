package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;

/** Examines the weights of a run. */
@ApplicationScoped
class ExaminationJob implements JobHandler {

  static final String KIND = "examine-run";

  private final ExaminationService examinations;

  ExaminationJob(ExaminationService examinations) {
    this.examinations = examinations;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) {
    int checkpoints = examinations.examine(UUID.fromString(job.payload().path("run").asText()));
    job.progress(checkpoints, checkpoints);
    return JobOutcome.SUCCEEDED;
  }
}
