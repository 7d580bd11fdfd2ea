package org.cairn.run;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class SegmentRepository implements PanacheRepositoryBase<Segment, UUID> {

  Optional<Segment> byName(UUID runId, String name) {
    return find("runId = ?1 and lower(name) = lower(?2)", runId, name).firstResultOptional();
  }

  /** The place after the last segment of a run. */
  int nextOrdinal(UUID runId) {
    return getEntityManager()
            .createQuery(
                "select coalesce(max(ordinal), -1) from Segment where runId = :runId",
                Integer.class)
            .setParameter("runId", runId)
            .getSingleResult()
        + 1;
  }
}
