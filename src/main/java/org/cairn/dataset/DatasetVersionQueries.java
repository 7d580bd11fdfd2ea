package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.hibernate.Session;

/** Reads of dataset versions and their files, which have no entity: there are too many. */
@ApplicationScoped
class DatasetVersionQueries {

  private static final String FILES =
      """
      select path, sha256, size, media_type, role, tokens, documents, location, withheld_reason
      from dataset_file where dataset_version_id = :version
      """;

  private final Session session;

  DatasetVersionQueries(Session session) {
    this.session = session;
  }

  List<DatasetVersion> newestBefore(UUID datasetId, Instant createdAt, UUID id, int limit) {
    return session
        .createSelectionQuery(
            """
            from DatasetVersion where datasetId = :dataset and (createdAt, id) < (:createdAt, :id)
            order by createdAt desc, id desc
            """,
            DatasetVersion.class)
        .setParameter("dataset", datasetId)
        .setParameter("createdAt", createdAt)
        .setParameter("id", id)
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Whether a version of a dataset is private, whatever the case of the first two names; empty
   * where there is none.
   */
  Optional<Boolean> isPrivate(String project, String dataset, String version) {
    return session
        .createNativeQuery(
            """
            select p.is_private or d.is_private from dataset_version v join dataset d on d.id = v.dataset_id
              join project p on p.id = d.project_id
            where lower(p.name) = lower(:project) and lower(d.name) = lower(:dataset)
              and v.version = :version
            """,
            Boolean.class)
        .setParameter("project", project)
        .setParameter("dataset", dataset)
        .setParameter("version", version)
        .getResultStream()
        .findFirst();
  }

  List<DatasetFileView> files(UUID versionId, String afterPath, int limit) {
    return session
        .createNativeQuery(FILES + " and path > :after order by path", Tuple.class)
        .setParameter("version", versionId)
        .setParameter("after", afterPath)
        .setMaxResults(limit)
        .getResultStream()
        .map(DatasetVersionQueries::file)
        .toList();
  }

  Optional<DatasetFileView> file(UUID versionId, String path) {
    return session
        .createNativeQuery(FILES + " and path = :path", Tuple.class)
        .setParameter("version", versionId)
        .setParameter("path", path)
        .getResultStream()
        .map(DatasetVersionQueries::file)
        .findFirst();
  }

  private static DatasetFileView file(Tuple row) {
    var sha256 = row.get(1, String.class);
    return new DatasetFileView(
        row.get(0, String.class),
        sha256 == null ? null : new Sha256(sha256),
        row.get(2, Long.class),
        row.get(3, String.class),
        row.get(4, String.class),
        row.get(5, Long.class),
        row.get(6, Long.class),
        row.get(7, String.class),
        row.get(8, String.class));
  }
}
