package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** What is known about digests. */
@ApplicationScoped
public class ArtifactService {

  private final ArtifactRepository artifacts;
  private final UploadRepository uploads;

  ArtifactService(ArtifactRepository artifacts, UploadRepository uploads) {
    this.artifacts = artifacts;
    this.uploads = uploads;
  }

  /** The state of each of these digests: any number of them, with two statements. */
  @Transactional
  public Map<Sha256, ArtifactStatus> statuses(Collection<Sha256> digests) {
    var asked = new HashSet<>(digests);
    var result = new HashMap<Sha256, ArtifactStatus>();
    if (asked.isEmpty()) {
      return result;
    }
    artifacts
        .select(asked)
        .forEach((sha256, artifact) ->
            result.put(sha256, new ArtifactStatus(ArtifactState.VERIFIED, artifact.size(), null)));
    asked.removeAll(result.keySet());
    if (!asked.isEmpty()) {
      var newest = uploads.newest(asked);
      asked.forEach(sha256 -> result.put(sha256, status(newest.get(sha256))));
    }
    return result;
  }

  private static ArtifactStatus status(UploadRepository.@Nullable NewestUpload upload) {
    if (upload == null) {
      return ArtifactStatus.MISSING;
    }
    return switch (upload.state()) {
      case VERIFYING -> new ArtifactStatus(ArtifactState.VERIFYING, null, null);
      case FAILED -> new ArtifactStatus(ArtifactState.FAILED, null, upload.failure());
      // Verified between the two statements: the next question finds it.
      case VERIFIED -> new ArtifactStatus(ArtifactState.VERIFYING, null, null);
      case OPEN, ABORTED -> ArtifactStatus.MISSING;
    };
  }

  /** Describes verified bytes. */
  @Transactional
  public Optional<ArtifactView> find(Sha256 sha256) {
    return artifacts.find(sha256).map(StoredArtifact::view);
  }

  @Transactional
  Optional<StoredArtifact> stored(Sha256 sha256) {
    return artifacts.find(sha256);
  }

  /** Those of {@code digests} that are here, with one statement. */
  @Transactional
  Map<Sha256, StoredArtifact> stored(Collection<Sha256> digests) {
    return artifacts.select(Set.copyOf(digests));
  }

  /** Those of {@code digests} that are here, in their order. */
  @Transactional
  List<Sha256> known(Collection<Sha256> digests) {
    var known = new LinkedHashSet<>(digests);
    known.retainAll(artifacts.select(known).keySet());
    return List.copyOf(known);
  }
}
