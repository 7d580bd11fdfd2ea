package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that is stopped, halted and started again, and keeps what it holds. */
final class Database implements AutoCloseable {

  private static final int CONNECTIONS = 40;

  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;
  private @Nullable Process process;

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

  /** Starts it anew, with a clock of its own. */
  void restartWith(SteppedClock clock) throws Exception {
    long postmaster = postmaster();
    var program = ProcessHandle.of(postmaster).orElseThrow().info().command().orElseThrow();
    server.close();
    var command = new ArrayList<String>();
    if (ProcessHandle.current().info().user().orElse("").equals("root")) {
      command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to be root
    }
    command.addAll(List.of(program, "-D", folder.toString(), "-p", String.valueOf(port)));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolveSibling("postgres.log").toFile());
    builder.environment().putAll(clock.environment());
    process = builder.start();
    CairnProcess.await("the database", Duration.ofSeconds(30), this::answers);
  }

  private boolean answers() {
    try (var connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private long postmaster() throws IOException {
    return Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid")).getFirst());
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
    var first = ProcessHandle.of(postmaster()).orElseThrow();
    Signals.send(name, Stream.concat(Stream.of(first), first.descendants()).toList());
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "postgres");
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

  /** Executes one statement or several. */
  void execute(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
    if (process != null) {
      process.destroy();
    }
    server.close();
  }
}
