package org.cairn.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** Cairn's database, used directly. */
final class Database implements AutoCloseable {

  /** Of a registered checkpoint, in the order of their references. */
  private static final List<String> TABLES =
      List.of("checkpoint", "checkpoint_label", "checkpoint_file");

  /** Of what an import catalogues, besides. */
  private static final List<String> IMPORTED_TABLES = List.of("location", "listed_checkpoint");

  private static final int COMMIT = 40;

  private static final String FLOOR = "bench_floor";

  private final Connection connection;
  private boolean hasFloor;

  Database(String url, String user, String password) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    this.connection = DriverManager.getConnection(url, properties);
  }

  String storageKey(String sha256) throws SQLException {
    try (var statement =
        connection.prepareStatement("select storage_key from artifact where sha256 = ?")) {
      statement.setString(1, sha256);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /**
   * Makes empty tables of the same definition as Cairn's, once: columns, checks, indexes and
   * foreign keys.
   */
  void createFloorTables() throws SQLException {
    if (hasFloor) {
      return;
    }
    hasFloor = true;
    var tables = Stream.concat(TABLES.stream(), IMPORTED_TABLES.stream()).toList();
    execute("create schema " + FLOOR);
    var keys = new ArrayList<String>();
    try (var statement = connection.createStatement()) {
      for (var table : tables) {
        try (var rows =
            statement.executeQuery(
                "select pg_get_constraintdef(oid) from pg_constraint where contype = 'f'"
                    + " and conrelid = 'public."
                    + table
                    + "'::regclass")) {
          while (rows.next()) {
            keys.add("alter table " + table + " add " + rows.getString(1));
          }
        }
      }
    }
    execute("set search_path = " + FLOOR + ", public");
    for (var table : tables) {
      execute("create table %s.%s (like public.%s including all)".formatted(FLOOR, table, table));
    }
    for (var key : keys) {
      execute(key);
    }
    execute("reset search_path");
  }

  /** The rows of a run's checkpoints, as COPY reads them. */
  Map<String, byte[]> rowsOf(String run) throws SQLException, IOException {
    var rows = new LinkedHashMap<String, byte[]>();
    for (var table : TABLES) {
      var column = table.equals("checkpoint") ? "id" : "checkpoint_id";
      rows.put(
          table,
          copyOut(
              """
              select * from public.%s where %s in
                (select c.id from public.checkpoint c join public.run r on r.id = c.run_id
                 where r.name = '%s')
              """
                  .formatted(table, column, run)));
    }
    return rows;
  }

  /** The rows of what a project got by imports of manifests, as COPY reads them. */
  Map<String, byte[]> importedRowsOf(String project) throws SQLException, IOException {
    var rows = new LinkedHashMap<String, byte[]>();
    for (var table : List.of("checkpoint", "checkpoint_label", "location", "listed_checkpoint")) {
      rows.put(
          table,
          copyOut(
              """
              select * from public.%s where run_id in
                (select r.id from public.run r join public.project p on p.id = r.project_id
                 where p.name = '%s')
              """
                  .formatted(table, project)));
    }
    return rows;
  }

  private byte[] copyOut(String query) throws SQLException, IOException {
    var bytes = new ByteArrayOutputStream();
    copy().copyOut("copy (" + query + ") to stdout", bytes);
    return bytes.toByteArray();
  }

  /**
   * The floor of registration and import: these rows, one COPY for each table, in one transaction.
   */
  void copyIn(Map<String, byte[]> rows) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      for (var table : rows.entrySet()) {
        copy()
            .copyIn(
                "copy %s.%s from stdin".formatted(FLOOR, table.getKey()),
                new ByteArrayInputStream(table.getValue()));
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Reads names and commits of a run's checkpoints; answers how many there are. */
  int labels(String run) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select l.label, l.label = c.label, coalesce(c.manifest_commit, c.content_commit)
            from run r join checkpoint c on c.run_id = r.id
              join checkpoint_label l on l.checkpoint_id = c.id and l.retired_at is null
            where r.name = ? order by c.position, c.stage, c.branch, c.id
            """)) {
      statement.setString(1, run);
      try (var rows = statement.executeQuery()) {
        int count = 0;
        while (rows.next()) {
          if (!rows.getString(1).isEmpty() && rows.getString(3).length() == COMMIT) {
            count++;
          }
        }
        return count;
      }
    }
  }

  /**
   * Reads every value of every row of a query whose first parameter is a name, and each other a
   * number.
   */
  int read(String sql, String name, long number) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      for (int i = 2; i <= sql.chars().filter(c -> c == '?').count(); i++) {
        statement.setLong(i, number);
      }
      try (var rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        int count = 0;
        while (rows.next()) {
          for (int column = 1; column <= columns; column++) {
            var _ = rows.getString(column);
          }
          count++;
        }
        return count;
      }
    }
  }

  private org.postgresql.copy.CopyManager copy() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
