package org.cairn.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/**
 * Has artifacts made of what lies in the store in another shape. Talks to the store, so never to be
 * called inside a transaction.
 */
@ApplicationScoped
public class ArtifactRebuilds {

  private final RebuildService rebuilds;
  private final UploadService uploads;
  private final UploadTransfer transfer;
  private final ObjectStore store;
  private final UploadConfig config;

  ArtifactRebuilds(
      RebuildService rebuilds,
      UploadService uploads,
      UploadTransfer transfer,
      ObjectStore store,
      UploadConfig config) {
    this.rebuilds = rebuilds;
    this.uploads = uploads;
    this.transfer = transfer;
    this.store = store;
    this.config = config;
  }

  /** Whether an attempt was begun. */
  public boolean isKnown(UUID id) {
    return rebuilds.isKnown(id);
  }

  /**
   * Begins to make an artifact; from here on its digest is being verified. A repetition changes
   * nothing.
   *
   * @param id of the attempt: the same one for the same recipe
   * @param source that knows the recipe
   */
  public void begin(UUID id, Sha256 sha256, long size, String source, JsonNode recipe) {
    if (rebuilds.isKnown(id)) {
      return;
    }
    var limit = config.maxSize().asLongValue();
    if (size > limit) {
      throw new RegistryException(
          ProblemType.TOO_LARGE, "size: an artifact has at most " + limit + " bytes");
    }
    var mediaType = "application/octet-stream";
    var key = ObjectKey.of("artifacts", sha256.hex().substring(0, 2), sha256.hex(), id.toString());
    var multipart = store.startMultipart(key, mediaType);
    try {
      rebuilds.begin(
          new UploadFacts(
              id,
              sha256,
              mediaType,
              PartPlan.of(size, config.partSize().asLongValue()),
              multipart,
              UploadState.VERIFYING,
              uploads.expiry()),
          source,
          recipe);
    } catch (RuntimeException e) {
      try {
        store.abortMultipart(multipart);
      } catch (ObjectStoreException left) {
        Log.warnf(left, "Multipart upload %s is left to the sweep", multipart);
      }
      if (!rebuilds.isKnown(id)) { // else a repetition was faster
        throw e;
      }
    }
  }

  /** How an attempt stands; waits while it is under way, up to {@code patience}. */
  public Rebuild await(UUID id, Duration patience) throws InterruptedException {
    var view = transfer.await(id, patience);
    return new Rebuild(view.state(), view.failure());
  }
}
