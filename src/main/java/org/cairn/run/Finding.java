package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.persistence.Column;
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

/** A fault that the registry saw. Rows are inserted by {@link FindingRepository#upsert}. */
@Entity
@Table(name = "finding")
class Finding {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID runId;

  private @Nullable UUID checkpointId;

  @Column(name = "class")
  private String findingClass;

  private String subject;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn evidence;

  private String status;
  private @Nullable String explanation;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonColumn explanationEvidence;

  private Instant createdAt;
  private Instant updatedAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Finding() {}

  void judge(
      FindingStatus newStatus,
      @Nullable String newExplanation,
      @Nullable JsonNode newEvidence,
      Instant now) {
    status = newStatus.toString();
    explanation = newExplanation;
    explanationEvidence = JsonColumn.of(newEvidence);
    updatedAt = now;
  }

  UUID id() {
    return id;
  }

  @Nullable UUID checkpointId() {
    return checkpointId;
  }

  @Nullable String explanation() {
    return explanation;
  }

  @Nullable JsonNode explanationEvidence() {
    return JsonColumn.objectOf(explanationEvidence);
  }

  FindingStatus status() {
    return FindingStatus.of(status);
  }

  Instant createdAt() {
    return createdAt;
  }

  long version() {
    return version;
  }

  FindingView view(@Nullable String checkpoint) {
    return new FindingView(
        id,
        findingClass,
        subject,
        evidence.json(),
        status(),
        explanation,
        explanationEvidence(),
        checkpoint,
        createdAt,
        updatedAt);
  }
}
