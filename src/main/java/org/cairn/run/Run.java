package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.platform.JsonColumn;
import org.cairn.run.JsonColumns.Axes;
import org.cairn.run.JsonColumns.Rules;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One logical training trajectory. */
@Entity
@Table(name = "run")
class Run {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID projectId;

  private String name;
  private @Nullable String title;
  private @Nullable String description;
  private @Nullable String family;

  @JdbcTypeCode(SqlTypes.JSON)
  private Axes axes;

  private String status;
  private @Nullable String license;
  private @Nullable String citation;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable BatchSchedule batchSchedule;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Rules checkpointSchedule;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private boolean isPrivate;
  private Instant createdAt;
  private Instant updatedAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Run() {}

  Run(UUID id, UUID projectId, CreateRunRequest request, ObjectNode metadata, Instant createdAt) {
    this.id = id;
    this.projectId = projectId;
    this.name = request.name();
    this.title = request.title();
    this.description = request.description();
    this.family = request.family();
    this.axes = new Axes(Objects.requireNonNullElse(request.axes(), Map.of()));
    this.status = Objects.requireNonNullElse(request.status(), RunStatus.RUNNING).toString();
    this.license = request.license();
    this.citation = request.citation();
    this.batchSchedule = BatchSchedule.of("batchSchedule", request.batchSchedule());
    this.checkpointSchedule = Rules.of(request.checkpointSchedule());
    this.metadata = new JsonColumn(metadata);
    this.isPrivate = Boolean.TRUE.equals(request.isPrivate());
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void hide(boolean hidden, Instant now) {
    isPrivate = hidden;
    updatedAt = now;
  }

  void change(RunPatch patch, Instant now) {
    title = patch.title() == null ? title : patch.title();
    description = patch.description() == null ? description : patch.description();
    family = patch.family() == null ? family : patch.family();
    axes = patch.axes() == null ? axes : new Axes(patch.axes());
    status = patch.status() == null ? status : patch.status().toString();
    license = patch.license() == null ? license : patch.license();
    citation = patch.citation() == null ? citation : patch.citation();
    batchSchedule =
        patch.batchSchedule() == null ? batchSchedule : new BatchSchedule(patch.batchSchedule());
    checkpointSchedule =
        patch.checkpointSchedule() == null
            ? checkpointSchedule
            : new Rules(patch.checkpointSchedule());
    metadata = patch.metadata() == null ? metadata : new JsonColumn(patch.metadata());
    isPrivate = patch.isPrivate() == null ? isPrivate : patch.isPrivate();
    updatedAt = now;
  }

  UUID id() {
    return id;
  }

  void schedule(BatchSchedule schedule, Instant now) {
    batchSchedule = schedule;
    updatedAt = now;
  }

  @Nullable BatchSchedule batchSchedule() {
    return batchSchedule;
  }

  Instant createdAt() {
    return createdAt;
  }

  long version() {
    return version;
  }

  RunView view(String project) {
    return new RunView(
        project,
        name,
        title,
        description,
        family,
        axes.values(),
        RunStatus.of(status),
        license,
        citation,
        batchSchedule == null ? null : batchSchedule.points(),
        checkpointSchedule == null ? null : checkpointSchedule.values(),
        isPrivate,
        metadata.object(),
        createdAt,
        updatedAt);
  }
}
