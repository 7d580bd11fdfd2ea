package org.cairn.platform;

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
public class Sql {

  private static final int FETCH = 500;

  private final EntityManager entities;

  Sql(EntityManager entities) {
    this.entities = entities;
  }

  /** The rows of a query whose parameters are {@code values}. */
  public <T> List<T> query(String sql, List<?> values, Mapper<T> mapper) {
    return entities
        .unwrap(Session.class)
        .doReturningWork(connection -> query(connection, sql, values, mapper));
  }

  /**
   * Shows the rows of a query to {@code reader}, without holding more than a few hundred of them.
   */
  public void stream(String sql, List<?> values, RowReader reader) {
    entities
        .unwrap(Session.class)
        .doWork(connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            bind(connection, statement, values);
            try (var result = statement.executeQuery()) {
              while (result.next()) {
                reader.read(result);
              }
            }
          }
        });
  }

  /** Executes a statement; answers how many rows it changed. */
  public int update(String sql, List<?> values) {
    return entities
        .unwrap(Session.class)
        .doReturningWork(connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            return statement.executeUpdate();
          }
        });
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
      if (values.get(i) instanceof Object[] array) {
        statement.setArray(i + 1, connection.createArrayOf(typeOf(array), array));
      } else {
        statement.setObject(i + 1, values.get(i));
      }
    }
  }

  private static String typeOf(Object[] array) {
    return switch (array) {
      case UUID[] _ -> "uuid";
      case String[] _ -> "text";
      case Long[] _ -> "bigint";
      case Double[] _ -> "float8";
      default -> throw new IllegalArgumentException("no array of " + array.getClass());
    };
  }

  /** Looks at a row. */
  public interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  /** How a row is read. */
  public interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  public static @Nullable Instant instant(ResultSet r, String column) throws SQLException {
    var time = r.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
