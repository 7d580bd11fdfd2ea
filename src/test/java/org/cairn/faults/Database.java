package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cairn.testsupport.PeerProcess;

/** A PostgreSQL that is stopped, halted and started again, and keeps what it holds. */
final class Database implements AutoCloseable {

  private static final int CONNECTIONS = 40;

  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;

  Database(Path folder) throws IOException {
    this.folder = folder;
    this.port = PeerProcess.freePort();
    this.server = start();
  }

  int port() {
    return port;
  }

  EmbeddedPostgres start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setServerConfig("max_connections", String.valueOf(CONNECTIONS))
            .start();
    return server;
  }

  /** Ends it as an operator does: {@code pg_ctl stop -m fast}. */
  void stop() throws IOException {
    server.close();
  }

  /** It takes connections, as the system does that for it, and does not move any more. */
  void halt() throws Exception {
    signal("-STOP");
  }

  void resume() throws Exception {
    signal("-CONT");
  }

  private void signal(String name) throws Exception {
    long postmaster =
        Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid")).getFirst());
    var first = ProcessHandle.of(postmaster).orElseThrow();
    var command = new ArrayList<>(List.of("kill", name));
    Stream.concat(Stream.of(first), first.descendants())
        .forEach(process -> command.add(String.valueOf(process.pid())));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  Connection connect() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  /** As many connections as there are left, all of them in the way of others. */
  List<Connection> takeAll() {
    var taken = new ArrayList<Connection>();
    try {
      while (taken.size() <= CONNECTIONS) {
        taken.add(connect());
      }
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("53300");
    }
    return taken;
  }

  long count(String query) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
