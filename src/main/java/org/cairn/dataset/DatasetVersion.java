package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.cairn.platform.JsonColumn;
import org.cairn.platform.Sha256;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One state of a dataset; never changes. */
@Entity
@Table(name = "dataset_version")
class DatasetVersion {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID datasetId;

  private String version;
  private String digest;
  private long fileCount;
  private @Nullable Long totalSize;
  private @Nullable String description;
  private @Nullable String source;
  private @Nullable String license;
  private @Nullable String tokenizerSha256;
  private @Nullable Long tokens;
  private @Nullable Long documents;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private Instant createdAt;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  DatasetVersion() {}

  DatasetVersion(
      UUID id,
      UUID datasetId,
      CreateDatasetVersionRequest request,
      FileList files,
      ObjectNode metadata,
      Instant createdAt) {
    this.id = id;
    this.datasetId = datasetId;
    this.version = request.version();
    this.digest = files.digest().hex();
    this.fileCount = files.files().size();
    this.totalSize = files.totalSize();
    this.description = request.description();
    this.source = request.source();
    this.license = request.license();
    this.tokenizerSha256 =
        request.tokenizerSha256() == null ? null : request.tokenizerSha256().hex();
    this.tokens = request.tokens();
    this.documents = request.documents();
    this.metadata = new JsonColumn(metadata);
    this.createdAt = createdAt;
  }

  UUID id() {
    return id;
  }

  Instant createdAt() {
    return createdAt;
  }

  DatasetVersionView view(DatasetRef dataset) {
    return new DatasetVersionView(
        dataset.project(),
        dataset.name(),
        version,
        new Sha256(digest),
        fileCount,
        totalSize,
        description,
        source,
        license,
        tokenizerSha256 == null ? null : new Sha256(tokenizerSha256),
        tokens,
        documents,
        metadata.object(),
        createdAt);
  }
}
