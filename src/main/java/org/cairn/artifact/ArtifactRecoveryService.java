package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;

/** Rows of artifacts that no upload of this catalogue brought. */
@ApplicationScoped
class ArtifactRecoveryService {

  private final ArtifactRepository artifacts;
  private final Sql sql;
  private final Clock clock;

  ArtifactRecoveryService(ArtifactRepository artifacts, Sql sql, Clock clock) {
    this.artifacts = artifacts;
    this.sql = sql;
    this.clock = clock;
  }

  /** Those of these digests that the catalogue knows; the caller's to change. */
  @Transactional
  Set<Sha256> known(Collection<Sha256> digests) {
    return new HashSet<>(artifacts.select(digests).keySet());
  }

  /** The bytes at {@code key} were hashed. */
  @Transactional
  void recovered(Sha256 sha256, long size, String mediaType, ObjectKey key) {
    sql.update(
        """
        insert into artifact (sha256, size, media_type, storage_key, verified_at)
        values (?, ?, ?, ?, ?) on conflict (sha256) do nothing
        """,
        List.of(
            sha256.hex(), size, mediaType, key.value(), clock.instant().atOffset(ZoneOffset.UTC)));
  }
}
