package org.cairn.recipe;

import jakarta.data.Limit;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads for the API, checked against the entity model by the compiler; empty means any. */
@Repository
interface ConfigurationQueries {

  @Query("where projectId = :projectId and id = :id")
  Optional<Configuration> byId(UUID projectId, UUID id);

  @Query("where id in :ids")
  List<Configuration> byIds(Collection<UUID> ids);

  @Query(
      "select coalesce(sum(length(cast(resolved as String))), 0) from Configuration where id in :ids")
  long sizeOf(Collection<UUID> ids);

  @Query(
      """
      where projectId = :projectId and (:name = '' or name = :name)
        and (createdAt, id) < (:createdAt, :id)
      order by createdAt desc, id desc
      """)
  List<Configuration> newestBefore(
      UUID projectId, String name, Instant createdAt, UUID id, Limit limit);
}
