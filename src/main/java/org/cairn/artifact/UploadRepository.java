package org.cairn.artifact;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.PageToken;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.hibernate.Session;
import org.hibernate.Timeouts;
import org.hibernate.jpa.SpecHints;
import org.jspecify.annotations.Nullable;

/** The table of uploads. */
@ApplicationScoped
class UploadRepository implements PanacheRepositoryBase<Upload, UUID> {

  /** Reads an upload; throws where there is none. */
  Upload get(UUID id) {
    return findByIdOptional(id).orElseThrow(() -> RegistryException.notFound("upload", id));
  }

  /** As {@link #get}; until the transaction ends nobody else changes it. */
  Upload lock(UUID id) {
    return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
        .orElseThrow(() -> RegistryException.notFound("upload", id));
  }

  /**
   * Whose uploads: everybody's, or those of one token, or of nobody's where {@code one} is null.
   */
  record Owners(boolean all, @Nullable String one) {}

  /** The uploads before {@code from}, newest first. */
  List<Upload> newestBefore(
      PageToken.Newest from,
      @Nullable Sha256 sha256,
      @Nullable UploadState state,
      Owners owners,
      int limit) {
    var query = new StringBuilder("(createdAt, id) < (:createdAt, :id)");
    var parameters = new HashMap<String, Object>();
    parameters.put("createdAt", from.createdAt());
    parameters.put("id", from.id());
    if (sha256 != null) {
      query.append(" and sha256 = :sha256");
      parameters.put("sha256", sha256.hex());
    }
    if (state != null) {
      query.append(" and state = :state");
      parameters.put("state", state.text());
    }
    if (!owners.all()) {
      query.append(owners.one() == null ? " and owner is null" : " and owner = :owner");
      if (owners.one() != null) {
        parameters.put("owner", owners.one());
      }
    }
    return find(query.append(" order by createdAt desc, id desc").toString(), parameters)
        .range(0, limit - 1)
        .list();
  }

  /** Locked, but for those that somebody else has locked: they are alive after all. */
  List<Upload> expired(Instant now, int limit) {
    return find("state = 'open' and expiresAt < ?1 order by expiresAt", now)
        .range(0, limit - 1)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .withHint(SpecHints.HINT_SPEC_LOCK_TIMEOUT, Timeouts.SKIP_LOCKED_MILLI)
        .list();
  }

  List<Upload> garbage(Instant before, int limit) {
    return find("garbage = true and updatedAt < ?1 order by updatedAt", before)
        .range(0, limit - 1)
        .list();
  }

  /** Which of these uploads may still need their parts. */
  Set<UUID> alive(Collection<UUID> ids) {
    return new HashSet<>(
        find("id in ?1 and state in ('open', 'verifying')", ids).project(IdOnly.class).stream()
            .map(IdOnly::id)
            .toList());
  }

  /**
   * Moves the expiry of an open upload to {@code expiry} where it lies before {@code threshold}.
   * Past the version: a sign of life is nobody's change and must not fail anybody's.
   */
  void touch(UUID id, Instant now, Instant threshold, Instant expiry) {
    update(
        "expiresAt = ?1, updatedAt = ?2 where id = ?3 and state = 'open' and expiresAt < ?4",
        expiry,
        now,
        id,
        threshold);
  }

  /** Which of these digests somebody is sending. */
  Set<Sha256> sent(Collection<Sha256> digests) {
    return getEntityManager()
        .unwrap(Session.class)
        .createNativeQuery(
            "select distinct sha256 from upload where sha256 = any (:digests) and state in ('open', 'verifying')",
            String.class)
        .setParameter("digests", ArtifactRepository.hex(digests))
        .getResultStream()
        .map(Sha256::new)
        .collect(Collectors.toSet());
  }

  /** The states of these uploads; those that nobody knows are left out. */
  Map<UUID, UploadState> states(Collection<UUID> ids) {
    return find("id in ?1", ids).project(IdAndState.class).stream()
        .collect(Collectors.toMap(IdAndState::id, row -> UploadState.parse(row.state())));
  }

  /** Past the version: progress is nobody's change and must not fail anybody's. */
  void progress(UUID id, long bytesVerified) {
    update("bytesVerified = ?1 where id = ?2 and state = 'verifying'", bytesVerified, id);
  }

  /** The newest open uploads of each digest, up to {@code most} of one. */
  Map<Sha256, List<UUID>> open(Collection<Sha256> digests, int most) {
    var rows =
        getEntityManager()
            .unwrap(Session.class)
            .createNativeQuery(
                """
                select sha256, id from (
                  select sha256, id, row_number() over (partition by sha256 order by created_at desc) as place
                  from upload where sha256 = any (:digests) and state = 'open') as ranked
                where place <= :most order by place
                """,
                Tuple.class)
            .setParameter("digests", digests.stream().map(Sha256::hex).toArray(String[]::new))
            .setParameter("most", most)
            .getResultList();
    var open = new HashMap<Sha256, List<UUID>>();
    for (var row : rows) {
      open.computeIfAbsent(new Sha256(row.get(0, String.class)), digest -> new ArrayList<>())
          .add(row.get(1, UUID.class));
    }
    return open;
  }

  /** Projection. */
  record IdOnly(UUID id) {}

  /** Projection. */
  record IdAndState(UUID id, String state) {}
}
