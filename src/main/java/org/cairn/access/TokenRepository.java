package org.cairn.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.cairn.api.PageToken;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/**
 * The table of tokens. Each statement is a change of its own, on a connection that goes back at
 * once: the session's would stay with the request for as long as its answer is sent.
 */
@ApplicationScoped
class TokenRepository {

  private static final String COLUMNS =
      "id, name, administrator, grants, created_at, expires_at, revoked_at";

  private final DataSource database;
  private final ObjectMapper json;

  TokenRepository(DataSource database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** Whether it was stored: not where a token of this name is in use. */
  boolean insert(AccessToken token, Sha256 secret) {
    return !query(
            """
            insert into access_token
              (id, name, secret_sha256, administrator, grants, created_at, expires_at)
            values (?, ?, ?, ?, ?::jsonb, ?, ?)
            on conflict (lower(name)) where revoked_at is null do nothing
            returning
            """
                + COLUMNS,
            token.id(),
            token.name(),
            secret.hex(),
            token.administrator(),
            text(token.grants()),
            time(token.createdAt()),
            time(token.expiresAt()))
        .isEmpty();
  }

  Optional<AccessToken> bySecret(Sha256 secret) {
    return query("select " + COLUMNS + " from access_token where secret_sha256 = ?", secret.hex())
        .stream()
        .findFirst();
  }

  List<AccessToken> newestBefore(PageToken.Newest from, int limit) {
    return query(
        "select "
            + COLUMNS
            + " from access_token where (created_at, id) < (?, ?)"
            + " order by created_at desc, id desc limit ?",
        time(from.createdAt()),
        from.id(),
        limit);
  }

  /** The token of this name that was in use until now. */
  Optional<AccessToken> revoke(String name, Instant now) {
    return query(
            "update access_token set revoked_at = ?"
                + " where lower(name) = lower(?) and revoked_at is null returning "
                + COLUMNS,
            time(now),
            name)
        .stream()
        .findFirst();
  }

  private List<AccessToken> query(String sql, @Nullable Object... values) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (var rows = statement.executeQuery()) {
        var tokens = new ArrayList<AccessToken>();
        while (rows.next()) {
          tokens.add(token(rows));
        }
        return tokens;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The table of tokens cannot be read or written", e);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private AccessToken token(ResultSet row) throws SQLException {
    return new AccessToken(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getBoolean("administrator"),
        grants(row.getString("grants")),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        Sql.instant(row, "expires_at"),
        Sql.instant(row, "revoked_at"));
  }

  private static @Nullable Object time(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private String text(List<Grant> grants) {
    try {
      return json.writeValueAsString(grants);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Grants are two words each", e);
    }
  }

  private List<Grant> grants(String stored) {
    try {
      return json.readValue(stored, new TypeReference<List<Grant>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("access_token.grants does not parse", e);
    }
  }
}
