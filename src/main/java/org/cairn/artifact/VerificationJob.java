package org.cairn.artifact;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.cairn.artifact.ObjectHasher.Hashed;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.platform.Sha256;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes the object of an upload's parts, hashes it, and only then lets its digest point to it. Also
 * where the digest is known: a client whose bytes are corrupt wants to know.
 */
@ApplicationScoped
class VerificationJob implements JobHandler {

  static final String KIND = "verify-upload";

  private static final Duration STORE_AWAY = Duration.ofSeconds(10);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final UploadService uploads;
  private final UploadCleaner cleaner;
  private final ObjectHasher hasher;
  private final ObjectStore store;
  private final Timer assembling;
  private final Timer hashing;

  VerificationJob(
      UploadService uploads,
      UploadCleaner cleaner,
      ObjectHasher hasher,
      ObjectStore store,
      MeterRegistry meters) {
    this.assembling =
        Timer.builder("cairn.verification.assembling")
            .description("The store makes an object of the parts of an upload")
            .register(meters);
    this.hashing =
        Timer.builder("cairn.verification.hashing")
            .description("The service reads and hashes an object")
            .register(meters);
    this.uploads = uploads;
    this.cleaner = cleaner;
    this.hasher = hasher;
    this.store = store;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) throws IOException, InterruptedException {
    var upload = uploads.facts(uploadOf(job));
    if (upload.state() != UploadState.VERIFYING) {
      return JobOutcome.SUCCEEDED; // an earlier run got as far as its end
    }
    try {
      var started = System.nanoTime();
      var fault = assemble(upload);
      assembling.record(Duration.ofNanos(System.nanoTime() - started));
      if (fault.isPresent()) {
        return fail(upload, fault.get(), null);
      }
      return conclude(upload, read(upload, job));
    } catch (ObjectStoreException e) {
      return unlessItPasses(e);
    }
  }

  /** Keys that were changed are the operator's to put right: no upload is lost over them. */
  JobOutcome unlessItPasses(ObjectStoreException e) {
    var passes = e.retryable() || e.kind() == Kind.DENIED;
    if (passes && !Thread.currentThread().isInterrupted()) {
      return new JobOutcome.Retry(STORE_AWAY, String.valueOf(e.getMessage()));
    }
    throw e;
  }

  @Override
  public void gaveUp(JobContext job, String reason) {
    var upload = uploads.facts(uploadOf(job));
    if (upload.state() == UploadState.VERIFYING) {
      var _ = fail(upload, "Not verified: " + reason, null);
    }
  }

  private static UUID uploadOf(JobContext job) {
    return UUID.fromString(job.payload().path("upload").asText());
  }

  /** Makes the object, unless an earlier run did; answers why that cannot be. */
  private Optional<String> assemble(UploadFacts upload) {
    var multipart = upload.multipart();
    try {
      var parts = store.listParts(multipart);
      // Again, since a client may have replaced a part after it said that all were there.
      var check = PartCheck.of(upload.plan(), parts);
      if (!check.passed()) {
        return Optional.of("What arrived is not what was announced: " + check.describe());
      }
      if (upload.plan().size() == 0) {
        // Not every store makes an object of one empty part.
        store.putIfAbsent(multipart.key(), new byte[0], upload.mediaType());
        store.abortMultipart(multipart);
      } else {
        store.completeMultipart(multipart, parts);
      }
      return Optional.empty();
    } catch (ObjectStoreException e) {
      return switch (e.kind()) {
        case EXISTS -> Optional.empty();
        case NOT_FOUND -> unlessMade(multipart, "The object store no longer has the parts");
        case INVALID ->
            unlessMade(multipart, "The object store refuses the parts: " + e.getMessage());
        case DENIED, FULL, UNAVAILABLE -> throw e;
      };
    }
  }

  /** No fault, where another run was faster: whatever it made is hashed. */
  private Optional<String> unlessMade(MultipartUpload multipart, String fault) {
    return store.stat(multipart.key()).isPresent() ? Optional.empty() : Optional.of(fault);
  }

  /**
   * Reads the object, and once more before an upload is lost over bytes that may be wrong only on
   * their way from the store.
   */
  private Hashed read(UploadFacts upload, JobContext job) throws IOException, InterruptedException {
    var first = hash(upload, job);
    if (isAnnounced(upload, first)) {
      return first;
    }
    var second = hash(upload, job);
    if (!second.sha256().equals(first.sha256())) {
      Log.errorf("The store gave two different answers for %s", upload.multipart().key());
      if (!isAnnounced(upload, second)) {
        throw new IOException("two readings of the object differ");
      }
    }
    return second;
  }

  private Hashed hash(UploadFacts upload, JobContext job) throws IOException, InterruptedException {
    var started = System.nanoTime();
    var hashed =
        hasher.hash(
            upload.multipart().key(),
            upload.plan().size(),
            progress(upload, job),
            job::cancelRequested);
    hashing.record(Duration.ofNanos(System.nanoTime() - started));
    return hashed;
  }

  private static boolean isAnnounced(UploadFacts upload, Hashed hashed) {
    return hashed.sha256().equals(upload.sha256()) && hashed.size() == upload.plan().size();
  }

  private JobOutcome conclude(UploadFacts upload, Hashed hashed) {
    var size = upload.plan().size();
    if (!hashed.sha256().equals(upload.sha256())) {
      return fail(
          upload,
          "The bytes have SHA-256 " + hashed.sha256() + " instead of " + upload.sha256(),
          hashed.sha256());
    }
    if (hashed.size() != size) {
      return fail(
          upload, "There are " + hashed.size() + " bytes instead of " + size, hashed.sha256());
    }
    hashed.inspection().ifPresent(seen -> seen.keep(hashed.sha256()));
    if (!uploads.verified(upload.id())) {
      cleaner.discard(upload);
    }
    return JobOutcome.SUCCEEDED;
  }

  /** The upload is over; what it left is removed. */
  JobOutcome fail(UploadFacts upload, String reason, @Nullable Sha256 actual) {
    uploads.fail(upload.id(), reason, actual);
    cleaner.discard(upload);
    return new JobOutcome.Failed(reason);
  }

  /** A database that is away for a moment must not cost what was hashed in hours. */
  private void show(UploadFacts upload, long done) {
    try {
      uploads.progress(upload.id(), done);
    } catch (RuntimeException e) {
      Log.warnf(e, "The progress of upload %s cannot be written", upload.id());
    }
  }

  private LongConsumer progress(UploadFacts upload, JobContext job) {
    var total = upload.plan().size();
    var last = new long[] {System.nanoTime()};
    return done -> {
      job.progress(done, total);
      if (System.nanoTime() - last[0] > PROGRESS_NANOS) {
        last[0] = System.nanoTime();
        show(upload, done);
      }
    };
  }
}
