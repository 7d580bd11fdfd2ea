package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.hibernate.Session;

/** The table of verified bytes. Rows are inserted and never changed, so there is no entity. */
@ApplicationScoped
class ArtifactRepository {

  private final Session session;

  ArtifactRepository(Session session) {
    this.session = session;
  }

  /**
   * Records verified bytes unless their digest has a row.
   *
   * @return whether the digest points to {@code key} now
   */
  boolean insert(UploadFacts upload, Instant now) {
    var key = upload.multipart().key();
    var inserted =
        session
            .createNativeMutationQuery(
                """
                insert into artifact (sha256, size, media_type, storage_key, verified_at)
                values (:sha256, :size, :mediaType, :key, :now) on conflict (sha256) do nothing
                """)
            .setParameter("sha256", upload.sha256().hex())
            .setParameter("size", upload.plan().size())
            .setParameter("mediaType", upload.mediaType())
            .setParameter("key", key.value())
            .setParameter("now", now)
            .executeUpdate();
    return inserted == 1
        || find(upload.sha256()).map(StoredArtifact::key).filter(key::equals).isPresent();
  }

  Optional<StoredArtifact> find(Sha256 sha256) {
    return select(List.of(sha256)).values().stream().findFirst();
  }

  /** Those of {@code digests} that are here, in one statement. */
  Map<Sha256, StoredArtifact> select(Collection<Sha256> digests) {
    var rows =
        session
            .createNativeQuery(
                """
                select sha256, size, media_type, storage_key, verified_at from artifact
                where sha256 = any (:digests)
                """,
                Tuple.class)
            .setParameter("digests", digests.stream().map(Sha256::hex).toArray(String[]::new))
            .getResultList();
    var found = new HashMap<Sha256, StoredArtifact>();
    for (var row : rows) {
      var sha256 = new Sha256(row.get(0, String.class));
      found.put(
          sha256,
          new StoredArtifact(
              sha256,
              row.get(1, Long.class),
              row.get(2, String.class),
              new ObjectKey(row.get(3, String.class)),
              row.get(4, Instant.class)));
    }
    return found;
  }
}
