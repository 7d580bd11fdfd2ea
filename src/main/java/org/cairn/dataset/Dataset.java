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

/** Data that runs read, under one name through all its versions. */
@Entity
@Table(name = "dataset")
class Dataset {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID projectId;

  private String name;
  private @Nullable String title;
  private @Nullable String description;
  private @Nullable String license;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private boolean isPrivate;
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
    this.isPrivate = Boolean.TRUE.equals(request.isPrivate());
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void hide(boolean hidden, Instant now) {
    isPrivate = hidden;
    updatedAt = now;
  }

  void describe(DatasetPatch patch, Instant now) {
    title = patch.title() == null ? title : patch.title();
    description = patch.description() == null ? description : patch.description();
    license = patch.license() == null ? license : patch.license();
    metadata = patch.metadata() == null ? metadata : new JsonColumn(patch.metadata());
    isPrivate = patch.isPrivate() == null ? isPrivate : patch.isPrivate();
    updatedAt = now;
  }

  UUID id() {
    return id;
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
        project,
        name,
        title,
        description,
        license,
        isPrivate,
        metadata.object(),
        createdAt,
        updatedAt);
  }
}
