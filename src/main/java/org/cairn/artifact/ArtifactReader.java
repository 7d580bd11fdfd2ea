package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;
import org.cairn.storage.ObjectStore;

/**
 * Reads verified bytes for the rest of the service. Talks to the store, so never to be called
 * inside a transaction.
 */
@ApplicationScoped
public class ArtifactReader {

  private final ArtifactService artifacts;
  private final ObjectStore store;

  ArtifactReader(ArtifactService artifacts, ObjectStore store) {
    this.artifacts = artifacts;
    this.store = store;
  }

  /** Opens verified bytes; the caller closes the stream. Throws where there are none. */
  public InputStream open(Sha256 sha256) {
    return store.open(stored(sha256).key());
  }

  /** Opens a part of verified bytes; the caller closes the stream. */
  public InputStream open(Sha256 sha256, ByteRange range) {
    return store.open(stored(sha256).key(), range);
  }

  /**
   * Looks up where many artifacts lie, with one statement, so that they can be opened one after the
   * other without asking again.
   *
   * @throws RegistryException where one of them is not there
   */
  public LocatedArtifacts locate(Collection<Sha256> digests) {
    var found = artifacts.stored(digests);
    for (var sha256 : digests) {
      if (!found.containsKey(sha256)) {
        throw missing(sha256);
      }
    }
    return new LocatedArtifacts(store, found);
  }

  /** Reads verified bytes into memory; refuses more than {@code limit}. */
  public byte[] read(Sha256 sha256, int limit) throws IOException {
    var artifact = stored(sha256);
    if (artifact.size() > limit) {
      throw RegistryException.invalid(
          "sha256", "has " + artifact.size() + " bytes, more than the " + limit + " read here");
    }
    try (var stream = store.open(artifact.key())) {
      return stream.readNBytes(limit);
    }
  }

  private StoredArtifact stored(Sha256 sha256) {
    return artifacts.stored(sha256).orElseThrow(() -> missing(sha256));
  }

  private static RegistryException missing(Sha256 sha256) {
    return RegistryException.notFound("artifact", "sha256:" + sha256);
  }
}
