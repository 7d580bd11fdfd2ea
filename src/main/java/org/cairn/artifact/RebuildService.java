package org.cairn.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.UUID;
import org.cairn.job.JobService;

/** The states of uploads whose parts this service makes itself. */
@ApplicationScoped
class RebuildService {

  private final UploadRepository uploads;
  private final JobService jobs;
  private final Clock clock;

  RebuildService(UploadRepository uploads, JobService jobs, Clock clock) {
    this.uploads = uploads;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Transactional
  boolean isKnown(UUID id) {
    return uploads.findByIdOptional(id).isPresent();
  }

  /** Registers an upload that no client can add to: from its first moment only the job acts. */
  @Transactional
  void begin(UploadFacts upload, String source, JsonNode recipe) {
    var now = clock.instant();
    var payload = JsonNodeFactory.instance.objectNode();
    payload.put("upload", upload.id().toString()).put("source", source).set("recipe", recipe);
    var row =
        new Upload(
            upload.id(),
            upload.sha256(),
            upload.mediaType(),
            upload.plan(),
            upload.multipart(),
            null, // pieces come with the address of a session, and with no token of ours
            now,
            upload.expiresAt());
    row.beginVerification(
        jobs.enqueue(RebuildJob.KIND, "sha256:" + upload.sha256(), payload, upload.plan().size()),
        now);
    uploads.persistAndFlush(row);
  }
}
