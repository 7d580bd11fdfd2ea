package org.cairn.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.cairn.platform.Names;

/**
 * Looks up what is private, in one indexed statement on a connection of its own: one of the session
 * would stay with the request for as long as its answer is sent.
 */
@ApplicationScoped
class PrivacyQueries {

  private final DataSource database;
  private final Map<Thing.Kind, String> statements = new EnumMap<>(Thing.Kind.class);

  PrivacyQueries(DataSource database, @Any Instance<PrivacySource> sources) {
    this.database = database;
    sources.forEach(source -> statements.put(source.kind(), source.statement()));
  }

  /** Empty where there is no such project. */
  Optional<Privacy> of(Thing thing) {
    var member = thing.member();
    // What is no name is nowhere, and PostgreSQL need not be asked about it.
    if (!Names.isSlug(thing.project()) || (member != null && !Names.isSlug(member))) {
      return Optional.empty();
    }
    var sql = Objects.requireNonNull(statements.get(thing.kind()), "no source of " + thing.kind());
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      int next = 1;
      if (member != null) {
        statement.setString(next++, member);
      }
      statement.setString(next, thing.project());
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(privacy(row, member != null)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Whether something is private cannot be read", e);
    }
  }

  private static Privacy privacy(ResultSet row, boolean ofMember) throws SQLException {
    Boolean member = null;
    if (ofMember) {
      boolean flag = row.getBoolean(3);
      member = row.wasNull() ? null : Boolean.valueOf(flag);
    }
    return new Privacy(row.getString(1), row.getBoolean(2), member);
  }
}
