package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;

@ApplicationScoped
class DatasetVersionRepository implements PanacheRepositoryBase<DatasetVersion, UUID> {

  /** Files of one insert: some megabytes of JSON. */
  private static final int BATCH = 10_000;

  private final Session session;

  DatasetVersionRepository(Session session) {
    this.session = session;
  }

  Optional<DatasetVersion> byName(UUID datasetId, String version) {
    return find("datasetId = ?1 and version = ?2", datasetId, version).firstResultOptional();
  }

  /** Stores the files of a new version, ten thousand with each statement. */
  void insertFiles(UUID versionId, List<DatasetFileView> files) {
    for (int from = 0; from < files.size(); from += BATCH) {
      var rows = JsonNodeFactory.instance.arrayNode();
      files
          .subList(from, Math.min(from + BATCH, files.size()))
          .forEach(file -> rows.add(FileList.json(file)));
      session
          .createNativeMutationQuery(
              """
              insert into dataset_file (dataset_version_id, path, sha256, size, media_type, role,
                tokens, documents, location, withheld_reason)
              select :version, path, sha256, size, "mediaType", role, tokens, documents, location,
                "withheldReason"
              from jsonb_to_recordset(cast(:rows as jsonb)) as file (path text, sha256 text,
                size bigint, "mediaType" text, role text, tokens bigint, documents bigint,
                location text, "withheldReason" text)
              """)
          .setParameter("version", versionId)
          .setParameter("rows", rows.toString())
          .executeUpdate();
    }
  }
}
