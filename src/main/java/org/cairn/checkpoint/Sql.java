package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Plain SQL in the running transaction; arrays go in as one parameter each. */
@ApplicationScoped
class Sql {

  private final EntityManager entities;

  Sql(EntityManager entities) {
    this.entities = entities;
  }

  /** The rows of a query whose parameters are {@code values}. */
  <T> List<T> query(String sql, List<?> values, Mapper<T> mapper) {
    return entities
        .unwrap(Session.class)
        .doReturningWork(connection -> query(connection, sql, values, mapper));
  }

  private static <T> List<T> query(
      Connection connection, String sql, List<?> values, Mapper<T> mapper) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      bind(connection, statement, values);
      try (var result = statement.executeQuery()) {
        var rows = new ArrayList<T>();
        while (result.next()) {
          rows.add(mapper.map(result));
        }
        return rows;
      }
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, List<?> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof UUID[] ids) {
        statement.setArray(i + 1, connection.createArrayOf("uuid", ids));
      } else if (values.get(i) instanceof String[] texts) {
        statement.setArray(i + 1, connection.createArrayOf("text", texts));
      } else {
        statement.setObject(i + 1, values.get(i));
      }
    }
  }

  /** How a row is read. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  static @Nullable Instant instant(ResultSet r, String column) throws SQLException {
    var time = r.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
