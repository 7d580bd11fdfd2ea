package org.cairn.artifact;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/** One attempt of one client to bring the bytes of a digest. */
@Entity
@Table(name = "upload")
@SuppressWarnings("UnusedVariable") // some columns are only for SQL and for people
class Upload {

  @Id private UUID id;
  private String sha256;
  private long size;
  private String mediaType;
  private String storageKey;
  private String multipartId;
  private long partSize;
  private int partCount;
  private String state;
  private long bytesVerified;
  private @Nullable String actualSha256;
  private @Nullable String failure;
  private @Nullable UUID jobId;
  private boolean garbage;

  @SuppressWarnings("UnusedVariable") // queries read it
  private @Nullable String owner;

  private Instant createdAt;
  private Instant updatedAt;
  private Instant expiresAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init")
  Upload() {}

  Upload(
      UUID id,
      Sha256 sha256,
      String mediaType,
      PartPlan plan,
      MultipartUpload multipart,
      @Nullable String owner,
      Instant now,
      Instant expiresAt) {
    this.id = id;
    this.sha256 = sha256.hex();
    this.size = plan.size();
    this.mediaType = mediaType;
    this.storageKey = multipart.key().value();
    this.multipartId = multipart.id();
    this.partSize = plan.partSize();
    this.partCount = plan.partCount();
    this.owner = owner;
    this.state = UploadState.OPEN.text();
    this.createdAt = now;
    this.updatedAt = now;
    this.expiresAt = expiresAt;
  }

  /** All parts are here; {@code job} hashes them. */
  void beginVerification(UUID job, Instant now) {
    this.jobId = job;
    become(UploadState.VERIFYING, now);
  }

  /** The bytes are what they claimed; {@code kept} unless another upload had brought them first. */
  void verified(boolean kept, Instant now) {
    this.bytesVerified = size;
    this.actualSha256 = sha256;
    this.garbage = !kept;
    become(UploadState.VERIFIED, now);
  }

  /** The bytes are not what they claimed, or could not be read. */
  void fail(String reason, @Nullable Sha256 actual, Instant now) {
    this.failure = reason;
    this.actualSha256 = actual == null ? null : actual.hex();
    this.garbage = true;
    become(UploadState.FAILED, now);
  }

  /** Given up before it was complete; {@code reason} is null where its client did so. */
  void abort(@Nullable String reason, Instant now) {
    this.failure = reason;
    this.garbage = true;
    become(UploadState.ABORTED, now);
  }

  /** Nothing of it is left in the store that should not be there. */
  void swept(Instant now) {
    this.garbage = false;
    this.updatedAt = now;
  }

  /** What it left is removed later. */
  void postpone(Instant now) {
    this.updatedAt = now;
  }

  private void become(UploadState next, Instant now) {
    this.state = next.text();
    this.updatedAt = now;
  }

  UUID id() {
    return id;
  }

  UploadState state() {
    return UploadState.parse(state);
  }

  boolean garbage() {
    return garbage;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  /** What does not change while an upload lives, for use outside of a transaction. */
  UploadFacts facts() {
    return new UploadFacts(
        id,
        new Sha256(sha256),
        mediaType,
        new PartPlan(size, partSize, partCount),
        new MultipartUpload(new ObjectKey(storageKey), multipartId),
        state(),
        expiresAt);
  }

  UploadView view() {
    return new UploadView(
        id,
        new Sha256(sha256),
        size,
        mediaType,
        state(),
        partSize,
        partCount,
        bytesVerified,
        actualSha256 == null ? null : new Sha256(Objects.requireNonNull(actualSha256)),
        failure,
        null,
        createdAt,
        expiresAt);
  }
}
