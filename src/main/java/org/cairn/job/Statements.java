package org.cairn.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs single statements of plain SQL: a queue is locking, arrays and {@code returning}, which an
 * entity would only hide. Arrays become arrays of the database.
 */
@ApplicationScoped
class Statements {

  /** Reads one row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final DataSource database;

  Statements(DataSource database) {
    this.database = database;
  }

  <T> List<T> query(String sql, Row<T> reader, @Nullable Object... parameters) {
    try (var connection = database.getConnection();
        var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      var result = new ArrayList<T>();
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException("The table of jobs cannot be read or written", e);
    }
  }

  int update(String sql, @Nullable Object... parameters) {
    try (var connection = database.getConnection();
        var statement = prepare(connection, sql, parameters)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("The table of jobs cannot be written", e);
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object[] parameters) throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(
          i + 1,
          switch (parameters[i]) {
            case String[] values -> connection.createArrayOf("text", values);
            case Long[] values -> connection.createArrayOf("bigint", values);
            case UUID[] values -> connection.createArrayOf("uuid", values);
            case null -> null;
            default -> parameters[i];
          });
    }
    return statement;
  }
}
