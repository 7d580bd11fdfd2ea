package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.cairn.job.JobContext;
import org.cairn.job.JobHandler;
import org.cairn.job.JobOutcome;
import org.cairn.record.RecordShipper;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/**
 * Carries the sealing of a checkpoint to its end: waits for verification, looks at the tensors,
 * stores the manifest, seals.
 */
@ApplicationScoped
class SealJob implements JobHandler {

  static final String KIND = "seal-checkpoint";

  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration LATER = Duration.ofSeconds(2);

  private final SealService seals;
  private final CheckpointWeights weights;
  private final ManifestService manifests;
  private final RecordShipper records;
  private final ObjectStore store;

  SealJob(
      SealService seals,
      CheckpointWeights weights,
      ManifestService manifests,
      RecordShipper records,
      ObjectStore store) {
    this.seals = seals;
    this.weights = weights;
    this.manifests = manifests;
    this.records = records;
    this.store = store;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public JobOutcome run(JobContext job) {
    var id = UUID.fromString(job.payload().get("checkpoint").asText());
    var progress = seals.progress(id);
    if (progress.failure() != null) {
      return new JobOutcome.Failed(progress.failure());
    }
    if (progress.over()) {
      return JobOutcome.SUCCEEDED;
    }
    job.progress(progress.verified(), progress.files());
    if (progress.verified() < progress.files()) {
      // Small files are verified within a moment, large ones take minutes: do not hold a worker for
      // either.
      return new JobOutcome.Retry(
          progress.files() - progress.verified() < 4 ? SOON : LATER, "waiting for verification");
    }
    var manifest = progress.manifest();
    if (manifest == null) {
      seals.describe(id, weights.assess(seals.files(id)));
      return run(job);
    }
    // What the checkpoint hangs on and what the manifest names come first: a manifest in the bucket
    // is always whole.
    records.settle(Objects.requireNonNull(progress.runId()));
    var documents = manifests.unstored(manifest);
    documents.forEach((digest, bytes) -> put(DocumentFolder.key(digest), bytes));
    manifests.stored(documents.keySet());
    put(ObjectKey.of(progress.key()), manifest.getBytes(StandardCharsets.UTF_8));
    seals.finish(id);
    return JobOutcome.SUCCEEDED;
  }

  /** The key is the digest of the bytes: what is there already is the same. */
  private void put(ObjectKey key, byte[] bytes) {
    try {
      store.putIfAbsent(key, bytes, "application/json");
    } catch (ObjectStoreException e) {
      if (e.kind() != ObjectStoreException.Kind.EXISTS) {
        throw e;
      }
    }
  }
}
