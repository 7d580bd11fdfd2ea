package org.cairn.recipe;

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

/** A configuration. Never changes; rows are inserted by {@link ConfigurationRepository}. */
@Entity
@Table(name = "configuration")
class Configuration {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID projectId;

  private String name;
  private @Nullable String rawSha256;
  private @Nullable String rawMediaType;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonColumn resolved;

  private @Nullable String digest;
  private @Nullable String parseError;
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Configuration() {}

  UUID id() {
    return id;
  }

  Instant createdAt() {
    return createdAt;
  }

  ConfigurationView view(boolean whole) {
    return new ConfigurationView(
        id,
        name,
        rawSha256 == null ? null : new Sha256(rawSha256),
        rawMediaType,
        whole ? JsonColumn.objectOf(resolved) : null,
        digest == null ? null : new Sha256(digest),
        parseError,
        createdAt);
  }
}
