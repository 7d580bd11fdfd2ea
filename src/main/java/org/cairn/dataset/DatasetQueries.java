package org.cairn.dataset;

import jakarta.data.Limit;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reads for the API, checked against the entity model by the compiler. */
@Repository
interface DatasetQueries {

  @Query(
      """
      where projectId = :projectId and (:withPrivate = true or isPrivate = false)
        and (createdAt, id) < (:createdAt, :id)
      order by createdAt desc, id desc
      """)
  List<Dataset> newestBefore(
      UUID projectId, boolean withPrivate, Instant createdAt, UUID id, Limit limit);
}
