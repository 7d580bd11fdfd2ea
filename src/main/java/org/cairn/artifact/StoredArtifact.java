package org.cairn.artifact;

import java.time.Instant;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;

/** Verified bytes, and where they lie. */
record StoredArtifact(
    Sha256 sha256, long size, String mediaType, ObjectKey key, Instant verifiedAt) {

  ArtifactView view() {
    return new ArtifactView(sha256, size, mediaType, verifiedAt);
  }
}
