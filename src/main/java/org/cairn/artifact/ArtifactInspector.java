package org.cairn.artifact;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.cairn.platform.Sha256;

/**
 * Looks at the bytes of an artifact while they are verified, so that nothing has to be read twice.
 * No fault that it finds in them is a fault of the verification.
 */
public interface ArtifactInspector {

  /**
   * Begins to look at an artifact.
   *
   * @param size as it was announced
   * @param beginning the first bytes, up to {@code length}
   * @return empty where there is nothing to see
   */
  Optional<Inspection> begin(long size, byte[] beginning, int length);

  /**
   * Forgets what was kept of artifacts that are no more; in the caller's transaction. It is kept
   * again when their bytes come back.
   */
  void forget(Collection<Sha256> digests);

  /** What one artifact is looked at with. */
  interface Inspection {

    /** Those who take the bytes, each of them all of them, and each on a thread of its own. */
    List<Lane> lanes();

    /** Keeps what was seen. The bytes are right, and no one can know of the artifact yet. */
    void keep(Sha256 sha256);
  }

  /** Takes the bytes of an artifact in order, and does not change them. */
  interface Lane {
    void add(byte[] bytes, int offset, int length);
  }
}
