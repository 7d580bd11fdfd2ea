package org.cairn.project;

import jakarta.data.Limit;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads for the API, checked against the entity model by the compiler. */
@Repository
interface ProjectQueries {

  @Query("where lower(name) = lower(:name)")
  Optional<Project> byName(String name);

  /** Those that are not private, and of the others those called {@code seen} or {@code all}. */
  @Query(
      """
      where (isPrivate = false or :all = true or lower(name) in :seen)
        and (createdAt, id) < (:createdAt, :id)
      order by createdAt desc, id desc
      """)
  List<Project> newestBefore(
      boolean all, Collection<String> seen, Instant createdAt, UUID id, Limit limit);
}
