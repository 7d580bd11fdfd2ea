package org.cairn.run;

import jakarta.data.Limit;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads for the API, checked against the entity model by the compiler; empty means any. */
@Repository
interface FindingQueries {

  @Query("where runId = :runId and id = :id")
  Optional<Finding> byId(UUID runId, UUID id);

  @Query(
      """
      where runId = :runId and (:status = '' or status = :status)
        and (:findingClass = '' or findingClass = :findingClass)
        and (createdAt, id) < (:createdAt, :id)
      order by createdAt desc, id desc
      """)
  List<Finding> newestBefore(
      UUID runId, String status, String findingClass, Instant createdAt, UUID id, Limit limit);
}
