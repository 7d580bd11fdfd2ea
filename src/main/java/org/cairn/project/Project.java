package org.cairn.project;

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

/** An owner of runs, datasets and configurations. */
@Entity
@Table(name = "project")
class Project {

  @Id private UUID id;
  private String name;
  private @Nullable String title;
  private @Nullable String description;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private boolean isPrivate;
  private Instant createdAt;
  private Instant updatedAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Project() {}

  Project(UUID id, CreateProjectRequest request, ObjectNode metadata, Instant createdAt) {
    this.id = id;
    this.name = request.name();
    this.title = request.title();
    this.description = request.description();
    this.metadata = new JsonColumn(metadata);
    this.isPrivate = Boolean.TRUE.equals(request.isPrivate());
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void describe(ProjectPatch patch, @Nullable ObjectNode newMetadata, Instant now) {
    title = patch.title() == null ? title : patch.title();
    description = patch.description() == null ? description : patch.description();
    metadata = newMetadata == null ? metadata : new JsonColumn(newMetadata);
    isPrivate = patch.isPrivate() == null ? isPrivate : patch.isPrivate();
    updatedAt = now;
  }

  UUID id() {
    return id;
  }

  long version() {
    return version;
  }

  Instant createdAt() {
    return createdAt;
  }

  ProjectView view() {
    return new ProjectView(
        name, title, description, isPrivate, metadata.object(), createdAt, updatedAt);
  }
}
