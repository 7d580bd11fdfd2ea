package org.cairn.artifact;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;

/**
 * Makes the parts of an upload of what an {@link ArtifactSource} has, and verifies them as if a
 * client had sent them. A run that is broken off begins anew: parts replace each other.
 */
@ApplicationScoped
class RebuildJob implements JobHandler {

  static final String KIND = "rebuild-upload";

  private final UploadService uploads;
  private final VerificationJob verification;
  private final ObjectStore store;
  private final Map<String, ArtifactSource> sources;

  RebuildJob(
      UploadService uploads,
      VerificationJob verification,
      ObjectStore store,
      @All List<ArtifactSource> sources) {
    this.uploads = uploads;
    this.verification = verification;
    this.store = store;
    this.sources =
        sources.stream().collect(Collectors.toMap(ArtifactSource::name, Function.identity()));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) throws IOException, InterruptedException {
    var upload = uploads.facts(UUID.fromString(job.payload().path("upload").asText()));
    var outcome =
        upload.state() == UploadState.VERIFYING ? rebuild(upload, job) : JobOutcome.SUCCEEDED;
    if (!(outcome instanceof JobOutcome.Retry)) {
      release(job);
    }
    return outcome;
  }

  @Override
  public void gaveUp(JobContext job, String reason) {
    verification.gaveUp(job, reason);
    release(job);
  }

  private JobOutcome rebuild(UploadFacts upload, JobContext job)
      throws IOException, InterruptedException {
    try {
      if (store.stat(upload.multipart().key()).isEmpty()) {
        send(upload, job);
      }
    } catch (MalformedContentException e) {
      return verification.fail(upload, String.valueOf(e.getMessage()), null);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.INVALID) {
        return verification.unlessItPasses(e);
      }
      if (store.stat(upload.multipart().key()).isEmpty()) {
        return verification.fail(upload, "What it was to be made of is gone", null);
      }
      // Another run was faster.
    }
    return verification.run(job);
  }

  private void send(UploadFacts upload, JobContext job) throws IOException {
    var plan = upload.plan();
    if (plan.size() == 0) {
      return; // verification makes it, since there is no empty part
    }
    try (var bytes = source(job).open(job.payload().path("recipe"))) {
      long done = 0;
      for (int number = 1; number <= plan.partCount(); number++) {
        if (job.cancelRequested()) {
          throw new CancellationException("cancelled after " + done + " bytes");
        }
        var size = plan.sizeOf(number);
        store.putPart(upload.multipart(), number, new Unclosed(bytes), size);
        done += size;
        job.progress(done, plan.size());
      }
      if (bytes.read() >= 0) {
        throw new MalformedContentException("There are more bytes than " + plan.size());
      }
    }
  }

  private void release(JobContext job) {
    source(job).release(job.payload().path("recipe"));
  }

  private ArtifactSource source(JobContext job) {
    var name = job.payload().path("source").asText();
    var source = sources.get(name);
    if (source == null) {
      throw new IllegalStateException("nothing here makes artifacts of " + name);
    }
    return source;
  }

  /** One part after the other is taken from one stream. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // the next part goes on here
    }
  }
}
