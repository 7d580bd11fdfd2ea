package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.cairn.platform.JsonColumn;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A name under which versions of data are kept. */
@Entity
@Table(name = "dataset")
class Dataset {

  @Id private UUID id;
  private UUID projectId;
  private String name;
  private @Nullable String title;
  private @Nullable String description;
  private @Nullable String license;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private Instant createdAt;
  private Instant updatedAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Dataset() {}

  Dataset(
      UUID id,
      UUID projectId,
      CreateDatasetRequest request,
      ObjectNode metadata,
      Instant createdAt) {
    this.id = id;
    this.projectId = projectId;
    this.name = request.name();
    this.title = request.title();
    this.description = request.description();
    this.license = request.license();
    this.metadata = new JsonColumn(metadata);
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  UUID id() {
    return id;
  }

  UUID projectId() {
    return projectId;
  }

  String name() {
    return name;
  }

  Instant createdAt() {
    return createdAt;
  }

  long version() {
    return version;
  }

  DatasetView view(String project) {
    return new DatasetView(
        project, name, title, description, license, metadata.object(), createdAt, updatedAt);
  }
}
