package org.cairn.checkpoint;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.tensor.WeightsDigest;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle of a checkpoint: draft, sealing, sealed. What it holds besides is written and read
 * by {@link CheckpointRows} and {@link CheckpointQueries}, thousands of rows at a time.
 */
@Entity
@Table(name = "checkpoint")
class Checkpoint {

  @Id private UUID id;

  @Column(updatable = false)
  private UUID runId;

  @Column(updatable = false)
  private String label;

  @Convert(converter = StateConverter.class)
  private CheckpointState state;

  private @Nullable String sealFailure;

  private @Nullable Instant sealedAt;

  private @Nullable String manifest;

  @Column(name = "manifest_sha256")
  private @Nullable String manifestSha256;

  private @Nullable UUID sealJobId;

  @SuppressWarnings("UnusedVariable") // queries read it
  private @Nullable String weightsDigest;

  @SuppressWarnings("UnusedVariable") // queries read it
  private @Nullable String looseWeightsDigest;

  @SuppressWarnings("UnusedVariable") // Hibernate writes it
  private Instant updatedAt;

  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate; rows are inserted by CheckpointRows
  Checkpoint() {}

  UUID id() {
    return id;
  }

  UUID runId() {
    return runId;
  }

  String label() {
    return label;
  }

  CheckpointState state() {
    return state;
  }

  @Nullable String sealFailure() {
    return sealFailure;
  }

  @Nullable String manifest() {
    return manifest;
  }

  /** The job that carries the sealing to its end. */
  @Nullable UUID sealJobId() {
    return sealJobId;
  }

  @Nullable String manifestSha256() {
    return manifestSha256;
  }

  long version() {
    return version;
  }

  /** Files or labels changed: clients that hold the old entity tag must read again. */
  void touch(Instant now) {
    updatedAt = now;
  }

  /** Fixes the files; only {@link #sealed} or {@link #sealingFailed} ends that. */
  void beginSealing(UUID job, Instant now) {
    state = CheckpointState.SEALING;
    sealFailure = null;
    sealedAt = now;
    sealJobId = job;
    updatedAt = now;
  }

  /** All bytes are verified: what the tensors come to. */
  void weights(@Nullable WeightsDigest digest) {
    weightsDigest = digest == null ? null : digest.strict().hex();
    looseWeightsDigest = digest == null ? null : digest.loose().hex();
  }

  void manifest(String canonical, Sha256 digest) {
    manifest = canonical;
    manifestSha256 = digest.hex();
  }

  /** When the sealing began. */
  Instant sealingSince() {
    return Objects.requireNonNull(sealedAt);
  }

  /** Another job goes on with the sealing. */
  void sealedBy(UUID job) {
    sealJobId = job;
  }

  void sealed(Instant now) {
    state = CheckpointState.SEALED;
    updatedAt = now;
  }

  void sealingFailed(String reason, Instant now) {
    state = CheckpointState.DRAFT;
    sealFailure = reason;
    sealedAt = null;
    manifest = null;
    manifestSha256 = null;
    weights(null);
    updatedAt = now;
  }
}
