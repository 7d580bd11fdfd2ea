package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;
import org.hibernate.Session;

/** The table of verified bytes. Rows are inserted and never changed, so there is no entity. */
@ApplicationScoped
class ArtifactRepository {

  private final Session session;
  private final Sql sql;

  ArtifactRepository(Session session, Sql sql) {
    this.session = session;
    this.sql = sql;
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
    var found = new HashMap<Sha256, StoredArtifact>();
    // Every file that is served is looked up here: a query of Hibernate takes five times as long.
    sql.stream(
        """
        select sha256, size, media_type, storage_key, verified_at from artifact
        where sha256 = any (?)
        """,
        List.of((Object) digests.stream().map(Sha256::hex).toArray(String[]::new)),
        r -> {
          var sha256 = new Sha256(r.getString(1));
          found.put(
              sha256,
              new StoredArtifact(
                  sha256,
                  r.getLong(2),
                  r.getString(3),
                  new ObjectKey(r.getString(4)),
                  Objects.requireNonNull(Sql.instant(r, "verified_at"))));
        });
    return found;
  }
}
