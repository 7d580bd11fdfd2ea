package org.cairn.artifact;

import java.io.InputStream;
import java.util.Map;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;
import org.cairn.storage.ObjectStore;

/**
 * Verified artifacts whose places in the store are known: opening them asks the store and nobody
 * else. Safe for concurrent use.
 */
public final class LocatedArtifacts {

  private final ObjectStore store;
  private final Map<Sha256, StoredArtifact> artifacts;

  LocatedArtifacts(ObjectStore store, Map<Sha256, StoredArtifact> artifacts) {
    this.store = store;
    this.artifacts = Map.copyOf(artifacts);
  }

  /** Opens a part of one of them; the caller closes the stream. */
  public InputStream open(Sha256 sha256, ByteRange range) {
    var artifact = artifacts.get(sha256);
    if (artifact == null) {
      throw RegistryException.notFound("artifact", "sha256:" + sha256);
    }
    return store.open(artifact.key(), range);
  }
}
