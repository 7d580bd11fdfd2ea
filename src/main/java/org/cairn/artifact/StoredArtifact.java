package org.cairn.artifact;

import java.time.Instant;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Verified bytes, and where they lie.
 *
 * @param damage what became of them since
 */
record StoredArtifact(
    Sha256 sha256,
    long size,
    String mediaType,
    ObjectKey key,
    Instant verifiedAt,
    @Nullable Damage damage) {

  ArtifactView view() {
    return new ArtifactView(sha256, size, mediaType, verifiedAt);
  }

  boolean isSound() {
    return damage == null;
  }

  /** This one, to be read; refuses bytes that are known to be wrong. */
  StoredArtifact readable() {
    if (damage != null) {
      throw new RegistryException(
          ProblemType.DAMAGED,
          "The stored bytes of sha256:"
              + sha256
              + " are damaged ("
              + damage.text()
              + "): whoever has them may upload them again");
    }
    return this;
  }
}
