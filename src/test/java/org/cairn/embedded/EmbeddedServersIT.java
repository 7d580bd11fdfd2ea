package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairn.testsupport.CairnProcess.await;
import static org.cairn.testsupport.CairnProcess.processesOn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child process by itself: what is left after a kill, and what the next start makes of it. */
class EmbeddedServersIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Installation INSTALLATION = new Installation(CairnProcess.TARGET);

  private static final String CHILD = ChildServers.class.getSimpleName();

  @TempDir Path temporary;

  @Test
  void outlivesEveryKill() throws Exception {
    var folder = DataFolder.open(temporary.resolve("data"));
    String url;
    try (var servers = EmbeddedServers.start(INSTALLATION, folder)) {
      url = servers.jdbcUrl();
      sql(folder, url, "create table kept (n int)");
      sql(folder, url, "insert into kept values (1)");
      assertDurable(folder, url);
    }
    assertThat(processesOn(folder.root())).isEmpty();

    try (var servers = EmbeddedServers.start(INSTALLATION, folder)) {
      assertThat(servers.jdbcUrl()).as("same port as before").isEqualTo(url);
      killServersButPostgres(folder);
    }
    // Closing the handle has cleared up; do it again with nobody to do that.
    assertThat(processesOn(folder.root())).isEmpty();

    var abandoned = EmbeddedServers.start(INSTALLATION, folder);
    killServersButPostgres(folder);
    var orphans = processesOn(folder.root());
    assertThat(orphans).isNotEmpty();
    try (var servers = EmbeddedServers.start(INSTALLATION, folder)) {
      assertThat(processesOn(folder.root())).doesNotContainAnyElementsOf(orphans);
      sql(folder, servers.jdbcUrl(), "insert into kept values (2)");
      kill(folder, CHILD);
      kill(folder, "bin/postgres");
    }
    abandoned.close();

    // A number in postmaster.pid that is somebody else's by now, as after a restart of the machine.
    Files.writeString(
        folder.postgres().resolve("postmaster.pid"),
        "%d\n%s\n".formatted(ProcessHandle.current().pid(), folder.postgres()));
    try (var servers = EmbeddedServers.start(INSTALLATION, folder)) {
      sql(folder, servers.jdbcUrl(), "insert into kept values (3)");
      assertThat(number(folder, servers.jdbcUrl(), "select count(*) from kept")).isEqualTo("3");
    }
    assertThat(processesOn(folder.root())).isEmpty();
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    var folder = DataFolder.open(temporary.resolve("broken"));
    Files.createDirectories(folder.postgres());
    Files.writeString(folder.postgres().resolve("PG_VERSION"), "9\n");
    Credentials.readOrCreate(folder.credentials());
    assertThatThrownBy(() -> EmbeddedServers.start(INSTALLATION, folder))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("did not start: pg_ctl ended with 1: ")
        .hasMessageContaining("servers.log");
    assertThat(processesOn(folder.root())).isEmpty();
  }

  private static void assertDurable(DataFolder folder, String url)
      throws SQLException, IOException {
    for (var setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      assertThat(number(folder, url, "select current_setting('" + setting + "')")).isEqualTo("on");
    }
    assertThatThrownBy(() -> DriverManager.getConnection(url, "cairn", "guess").close())
        .hasMessageContaining("password authentication failed");
    assertThat(number(folder, url, "select rolsuper from pg_roles where rolname = current_user"))
        .isEqualTo("f");
  }

  private static void killServersButPostgres(DataFolder folder) {
    kill(folder, CHILD);
    await("the child ends", SOON, () -> running(folder, CHILD).isEmpty());
  }

  private static List<ProcessHandle> running(DataFolder folder, String program) {
    return processesOn(folder.root()).stream()
        .filter(process -> process.info().commandLine().orElse("").contains(program))
        .toList();
  }

  private static void kill(DataFolder folder, String program) {
    running(folder, program).forEach(ProcessHandle::destroyForcibly);
  }

  private static void sql(DataFolder folder, String url, String sql)
      throws SQLException, IOException {
    var password = Credentials.readOrCreate(folder.credentials()).databasePassword();
    try (var connection = DriverManager.getConnection(url, PostgresServer.USER, password);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String number(DataFolder folder, String url, String sql)
      throws SQLException, IOException {
    var password = Credentials.readOrCreate(folder.credentials()).databasePassword();
    try (var connection = DriverManager.getConnection(url, PostgresServer.USER, password);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
