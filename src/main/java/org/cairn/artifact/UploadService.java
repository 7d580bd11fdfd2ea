package org.cairn.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.job.JobService;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The states of uploads. Each method is one short transaction and none of them talks to the store;
 * {@link UploadTransfer} does.
 */
@ApplicationScoped
class UploadService {

  /** A sign of life is written down only when it moves the expiry by this much. */
  private static final Duration TOUCH = Duration.ofHours(1);

  private final UploadRepository uploads;
  private final ArtifactRepository artifacts;
  private final ObjectRemovals removals;
  private final Event<ArtifactCondition> conditions;
  private final JobService jobs;
  private final Access access;
  private final Idempotency idempotency;
  private final UploadConfig config;
  private final Clock clock;

  UploadService(
      UploadRepository uploads,
      ArtifactRepository artifacts,
      ObjectRemovals removals,
      Event<ArtifactCondition> conditions,
      JobService jobs,
      Access access,
      Idempotency idempotency,
      UploadConfig config,
      Clock clock) {
    this.uploads = uploads;
    this.artifacts = artifacts;
    this.removals = removals;
    this.conditions = conditions;
    this.jobs = jobs;
    this.access = access;
    this.idempotency = idempotency;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Registers an upload that was started in the store.
   *
   * @return its id, or that of the upload which the same request registered before
   */
  @Transactional
  UUID register(@Nullable String idempotencyKey, CreateUploadRequest request, UploadFacts upload) {
    var owner = access.name().orElse(null);
    return idempotency.once(
        owner == null ? "createUpload" : "createUpload " + owner,
        idempotencyKey,
        request,
        UUID.class,
        () -> {
          uploads.persist(
              new Upload(
                  upload.id(),
                  upload.sha256(),
                  upload.mediaType(),
                  upload.plan(),
                  upload.multipart(),
                  owner,
                  clock.instant(),
                  upload.expiresAt()));
          return upload.id();
        });
  }

  @Transactional
  UploadFacts facts(UUID id) {
    return uploads.get(id).facts();
  }

  @Transactional
  UploadView view(UUID id) {
    return uploads.get(id).view();
  }

  /** The caller's own uploads; all of them for administrators. Who has an id may use it. */
  @Transactional
  PageView<UploadView> list(
      PageToken.Newest from, @Nullable Sha256 sha256, @Nullable UploadState state, int size) {
    return PageView.of(
        uploads.newestBefore(from, sha256, state, owners(), size + 1),
        size,
        Upload::view,
        upload -> PageToken.of(upload.createdAt(), upload.id()));
  }

  /** The newest open uploads of each of these digests, up to {@code most} of one. */
  @Transactional
  Map<Sha256, List<UUID>> open(Collection<Sha256> digests, int most) {
    return uploads.open(digests, most);
  }

  private UploadRepository.Owners owners() {
    return new UploadRepository.Owners(access.isAdministrator(), access.name().orElse(null));
  }

  /** Reads an upload whose parts may still be sent, and takes that as a sign of life. */
  @Transactional
  UploadFacts forSending(UUID id) {
    var expiry = expiry();
    uploads.touch(id, clock.instant(), expiry.minus(TOUCH), expiry);
    var upload = uploads.get(id);
    if (upload.state() != UploadState.OPEN) {
      throw closed(upload);
    }
    return upload.facts();
  }

  /** All parts are in the store: from here on only the job acts. A repetition changes nothing. */
  @Transactional
  UploadView beginVerification(UUID id) {
    var upload = uploads.lock(id);
    switch (upload.state()) {
      case OPEN -> {
        var facts = upload.facts();
        var payload = JsonNodeFactory.instance.objectNode().put("upload", id.toString());
        upload.beginVerification(
            jobs.enqueue(
                VerificationJob.KIND, "sha256:" + facts.sha256(), payload, facts.plan().size()),
            clock.instant());
      }
      case VERIFYING, VERIFIED -> {
        // Somebody asked before.
      }
      case FAILED, ABORTED -> throw closed(upload);
    }
    return upload.view();
  }

  @Transactional
  void progress(UUID id, long bytesVerified) {
    uploads.progress(id, bytesVerified);
  }

  /**
   * The bytes are what they claimed: from here on they can be read.
   *
   * @return whether the object of this upload is the one that the digest points to
   */
  @Transactional
  boolean verified(UUID id) {
    var upload = uploads.lock(id);
    if (upload.state() != UploadState.VERIFYING) {
      return upload.state() == UploadState.VERIFIED;
    }
    var now = clock.instant();
    var kept = keep(upload.facts(), now);
    upload.verified(kept, now);
    return kept;
  }

  /** Whether the digest points to the object of this upload now. */
  private boolean keep(UploadFacts upload, Instant now) {
    var key = upload.multipart().key();
    var known = artifacts.insert(upload, now);
    if (known.damage() == null) {
      return known.key().equals(key);
    }
    // Those bytes are lost, and these are the same as they were.
    artifacts.replace(upload.sha256(), key, now);
    removals.add(List.of(known.key().value()));
    var size = upload.plan().size();
    conditions.fire(new ArtifactCondition(upload.sha256(), key, null, size, size, now));
    return true;
  }

  /** The bytes are not what they claimed, or could not be read. */
  @Transactional
  void fail(UUID id, String reason, @Nullable Sha256 actual) {
    var upload = uploads.lock(id);
    if (upload.state() == UploadState.VERIFYING) {
      upload.fail(reason, actual, clock.instant());
    }
  }

  /** Gives an open upload up; once given up it may be given up again. */
  @Transactional
  void abort(UUID id, @Nullable String reason) {
    var upload = uploads.lock(id);
    switch (upload.state()) {
      case OPEN -> upload.abort(reason, clock.instant());
      case ABORTED -> {
        // Somebody asked before.
      }
      case VERIFYING, VERIFIED, FAILED -> throw closed(upload);
    }
  }

  /** Gives up to {@code limit} open uploads up whose clients fell silent. */
  @Transactional
  List<UploadFacts> expire(int limit) {
    var now = clock.instant();
    var expired = uploads.expired(now, limit);
    expired.forEach(upload -> upload.abort("Expired on " + upload.expiresAt(), now));
    return expired.stream().map(Upload::facts).toList();
  }

  /**
   * Up to {@code limit} uploads that may have left something in the store before {@code before}.
   */
  @Transactional
  List<UploadFacts> garbage(Instant before, int limit) {
    return uploads.garbage(before, limit).stream().map(Upload::facts).toList();
  }

  /**
   * Whether the object of an upload may be deleted: once so, always so, since only an upload that
   * is being verified can become an artifact.
   */
  @Transactional
  boolean isGarbage(UUID id) {
    return uploads.get(id).garbage();
  }

  @Transactional
  void swept(UUID id) {
    uploads.lock(id).swept(clock.instant());
  }

  /** What is left of an upload cannot be removed now: others go before it. */
  @Transactional
  void postpone(UUID id) {
    uploads.lock(id).postpone(clock.instant());
  }

  @Transactional
  Set<UUID> alive(Collection<UUID> ids) {
    return uploads.alive(ids);
  }

  Instant expiry() {
    return clock.instant().plus(config.expiry());
  }

  private static RegistryException closed(Upload upload) {
    return new RegistryException(
        ProblemType.UPLOAD_CLOSED,
        "Upload " + upload.id() + " is " + upload.state().text() + ": start another one");
  }
}
