package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import org.cairn.artifact.ArtifactReader;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;

/** Does imports. */
@ApplicationScoped
class ImportJob implements JobHandler {

  static final String KIND = "import";

  private static final String HUB = "https://huggingface.co";

  private final ImportPlanService plans;
  private final ImportApplyService service;
  private final ArtifactReader artifacts;
  private final PublicHttp http;

  ImportJob(
      ImportPlanService plans,
      ImportApplyService service,
      ArtifactReader artifacts,
      PublicHttp http) {
    this.plans = plans;
    this.service = service;
    this.artifacts = artifacts;
    this.http = http;
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** Services of lower floors read outside of transactions, as they do for requests. */
  @Override
  @ActivateRequestContext
  public JobOutcome run(JobContext job) throws IOException, InterruptedException {
    var id = importOf(job);
    if (!service.begin(id)) {
      return JobOutcome.SUCCEEDED; // it was done, and only the job's end was lost
    }
    var current = service.find(id);
    var reader = new ImportReader(current.form(), current.run(), current.options());
    for (var file : current.files()) {
      try (var bytes = new BufferedInputStream(artifacts.open(file.sha256()), 1 << 16)) {
        reader.read(file.name(), bytes);
      } catch (UnreadableListingException e) {
        return failed(id, file.name() + " " + e.getMessage());
      }
      if (job.cancelRequested()) {
        return JobOutcome.SUCCEEDED;
      }
    }
    var reading = reader.reading();
    var repository = current.options().repository();
    if (current.form() == ImportForm.HUB && repository != null) {
      var endpoint = Objects.requireNonNullElse(current.options().endpoint(), HUB);
      try {
        new HubListing(http, endpoint, repository, reading.of(repository))
            .read(job::cancelRequested);
      } catch (UnreadableListingException e) {
        return failed(id, repository + " " + e.getMessage());
      }
      if (job.cancelRequested()) {
        return JobOutcome.SUCCEEDED;
      }
    }
    var plan = plans.plan(current, reading);
    if (!current.dryRun() && !service.apply(current, reading, plan, job)) {
      return JobOutcome.SUCCEEDED; // cancelled: the job tells so itself
    }
    service.finish(current, reading, plan);
    return JobOutcome.SUCCEEDED;
  }

  private JobOutcome failed(UUID id, String reason) {
    service.fail(id, ImportState.FAILED, reason);
    return new JobOutcome.Failed(reason);
  }

  @Override
  public void gaveUp(JobContext job, String reason) {
    service.fail(
        importOf(job), job.cancelRequested() ? ImportState.CANCELLED : ImportState.FAILED, reason);
  }

  private static UUID importOf(JobContext job) {
    return UUID.fromString(job.payload().path("import").asText());
  }
}
