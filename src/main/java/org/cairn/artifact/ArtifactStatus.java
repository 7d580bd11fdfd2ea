package org.cairn.artifact;

import org.jspecify.annotations.Nullable;

/**
 * The state of a digest.
 *
 * @param size of the verified bytes
 * @param failure why the newest upload failed
 */
public record ArtifactStatus(ArtifactState state, @Nullable Long size, @Nullable String failure) {

  static final ArtifactStatus MISSING = new ArtifactStatus(ArtifactState.MISSING, null, null);
  static final ArtifactStatus DAMAGED = new ArtifactStatus(ArtifactState.DAMAGED, null, null);
}
