package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;
import org.cairn.record.Losses;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Brings sealed checkpoints back into an empty catalogue from their manifests. Reads the store, so
 * never to be called in a transaction.
 */
@ApplicationScoped
public class CheckpointRecovery {

  private final CheckpointRecoveryService rows;
  private final CheckpointWeights weights;
  private final ObjectStore store;
  private final ObjectMapper json;

  CheckpointRecovery(
      CheckpointRecoveryService rows,
      CheckpointWeights weights,
      ObjectStore store,
      ObjectMapper json) {
    this.rows = rows;
    this.weights = weights;
    this.store = store;
    this.json = json;
  }

  /** Inserts the checkpoints of these manifests with their files; answers how many. */
  public int insert(List<ObjectKey> manifests, Losses losses) {
    var read = json.createArrayNode();
    for (var key : manifests) {
      var manifest = read(key, losses);
      if (manifest != null) {
        read.add(manifest);
      }
    }
    try {
      return rows.insert(read, losses);
    } catch (CheckpointRecoveryService.RefusedException e) {
      int inserted = 0;
      for (var manifest : read) { // one of them spoils the others
        try {
          inserted += rows.insert(json.createArrayNode().add(manifest), losses);
        } catch (CheckpointRecoveryService.RefusedException refused) {
          losses.lost(manifest.path("key").asText(), String.valueOf(refused.getMessage()));
        }
      }
      return inserted;
    }
  }

  private @Nullable ObjectNode read(ObjectKey key, Losses losses) {
    try (var stream = store.open(key)) {
      var bytes = stream.readNBytes(ObjectStore.MAX_SMALL);
      var digest = Sha256.of(bytes);
      if (!ManifestFolder.digest(key).equals(Optional.of(digest))) {
        losses.lost(key.value(), "its bytes have the SHA-256 " + digest);
        return null;
      }
      var manifest = parsed(bytes);
      manifest.put("key", key.value());
      manifest.put("manifest", new String(bytes, StandardCharsets.UTF_8));
      manifest.put("sha256", digest.hex());
      return manifest;
    } catch (ObjectStoreException e) {
      if (e.retryable()) {
        throw e;
      }
      losses.lost(key.value(), String.valueOf(e.getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      losses.lost(key.value(), String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** The manifest with the numbers that its canonical form does not hold. */
  private ObjectNode parsed(byte[] bytes) throws IOException {
    JsonNode manifest;
    try {
      manifest = json.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!manifest.path("format").asText().equals(CheckpointManifest.FORMAT)) {
      throw new IOException("its format is not " + CheckpointManifest.FORMAT);
    }
    CanonicalJson.putBack(manifest, manifest.path("exactNumbers"));
    return (ObjectNode) manifest;
  }

  /**
   * Once all checkpoints of all runs are there: where those of a run come from, and how they are
   * called.
   *
   * @param labels the record of labels that changed after sealing, as JSON; null where there is
   *     none
   */
  public void connect(UUID run, @Nullable String labels) {
    rows.connect(run, labels == null ? "{}" : labels);
  }

  /**
   * Once all bytes are there: which files the weights of the checkpoints of a run are read from.
   * Tells of files whose bytes are not there, and of weights that are not what was sealed.
   */
  public void decideWeights(UUID run, Losses losses) {
    for (var checkpoint : rows.undecided(run)) {
      var missing = rows.missing(checkpoint.id());
      missing.forEach(path ->
          losses.lost(checkpoint.name() + " " + path, "the bucket does not have its bytes"));
      if (!missing.isEmpty()) {
        continue;
      }
      var assessment = weights.assess(rows.files(checkpoint.id()));
      var digest = assessment.digest() == null ? null : assessment.digest().strict().hex();
      if (!Objects.equals(digest, checkpoint.weightsDigest())) {
        losses.lost(
            checkpoint.name(),
            "its weights have the digest %s, but %s was sealed"
                .formatted(digest, checkpoint.weightsDigest()));
      }
      rows.decide(checkpoint.id(), assessment.files());
    }
  }

  /** The checkpoints of a run are whole: what is computed of them all can be computed. */
  public void recovered(UUID run) {
    rows.recovered(run);
  }

  /** Documents that the bucket has and no sealing has to write again. */
  public int insertDocuments() {
    var digests = new ArrayList<Sha256>();
    int inserted = 0;
    try (var objects = store.list(new ObjectKey("documents"))) {
      for (var iterator = objects.iterator(); iterator.hasNext(); ) {
        DocumentFolder.digest(iterator.next().key()).ifPresent(digests::add);
        if (digests.size() == 1_000 || !iterator.hasNext()) {
          inserted += rows.insertDocuments(digests);
          digests.clear();
        }
      }
    }
    return inserted;
  }
}
