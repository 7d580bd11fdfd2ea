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
interface RunQueries {

  @Query("where id = :id")
  Optional<Run> byId(UUID id);

  @Query(
      """
      where projectId = :projectId and (:withPrivate = true or isPrivate = false)
        and (:family = '' or family = :family)
        and (createdAt, id) < (:createdAt, :id)
      order by createdAt desc, id desc
      """)
  List<Run> newestBefore(
      UUID projectId, boolean withPrivate, String family, Instant createdAt, UUID id, Limit limit);
}
