package org.cairn.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL over one data folder, driven by its own tools: {@code pg_ctl} takes the server out of
 * the terminal's process group, waits until it answers and says when it cannot start. Durable as
 * PostgreSQL is by default; it listens on the loopback address only, has no Unix socket, and wants
 * a password.
 */
final class PostgresServer implements AutoCloseable {

  static final String DATABASE = "cairn";
  static final String USER = "cairn";

  private static final String SUPERUSER = "postgres";
  private static final String PID_FILE = "postmaster.pid";
  private static final int TRIES = 3;

  /** A start may have to replay the write-ahead log after a kill. */
  private static final String START_SECONDS = "120";

  private static final String STOP_SECONDS = "30";

  private final DataFolder folder;
  private final Path binaries;
  private final int port;

  private PostgresServer(DataFolder folder, Path binaries, int port) {
    this.folder = folder;
    this.binaries = binaries;
    this.port = port;
  }

  static PostgresServer start(DataFolder folder, Credentials credentials, int wantedPort)
      throws IOException, InterruptedException, SQLException {
    stopLeftOver(folder);
    forgetStrangers(folder);
    var binaries = PostgresBinaries.unpackInto(folder.postgresBinaries());
    if (!folder.isInitialized()) {
      initialize(folder, binaries, credentials);
    }
    int port = startOnFreePort(folder, binaries, wantedPort);
    var server = new PostgresServer(folder, binaries, port);
    try {
      server.ensureDatabase(credentials);
      return server;
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  /** Empty when the server is gone. */
  Optional<ProcessHandle> process() {
    return runningServer(folder);
  }

  /**
   * Rolls open transactions back, writes a checkpoint and ends; harshly when that takes too long.
   */
  @Override
  public void close() {
    stop(folder, binaries);
  }

  /**
   * Ends a server that nobody looks after any more, because all JVMs were killed at once. Only for
   * the holder of the folder's lock.
   */
  static void stopLeftOver(DataFolder folder) throws IOException {
    if (runningServer(folder).isPresent()) {
      try (var versions = Files.list(folder.postgresBinaries())) {
        versions
            .filter(version -> Files.exists(version.resolve("bin")))
            .findFirst()
            .ifPresent(version -> stop(folder, version));
      }
    }
    if (runningServer(folder).isPresent()) {
      throw new IOException("a PostgreSQL that an earlier start left behind does not stop");
    }
  }

  private static void initialize(DataFolder folder, Path binaries, Credentials credentials)
      throws IOException, InterruptedException {
    // Under another name until it is complete: a start that is killed here leaves nothing half
    // made.
    var unfinished = folder.root().resolve("postgres.new");
    Folders.delete(unfinished);
    var password = folder.root().resolve("postgres.password");
    Files.deleteIfExists(password);
    Files.createFile(password, DataFolder.ownerOnly(password));
    Files.writeString(password, credentials.superuserPassword() + "\n");
    try {
      run(
          folder,
          binaries,
          "initdb",
          List.of(
              "--pgdata=postgres.new",
              "--username=" + SUPERUSER,
              "--pwfile=postgres.password",
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              // The same order and case rules on every machine, whatever its locales are.
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--locale=C"));
      Files.move(unfinished, folder.postgres(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(password);
    }
  }

  private static int startOnFreePort(DataFolder folder, Path binaries, int wantedPort)
      throws IOException, InterruptedException {
    var loopback = Ports.address("127.0.0.1");
    int port =
        wantedPort > 0 && Ports.isFree(loopback, wantedPort) ? wantedPort : Ports.anyFree(loopback);
    for (int attempt = 1; ; attempt++) {
      var options =
          "-p "
              + port
              + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
              + " -c log_checkpoints=off";
      try {
        run(
            folder,
            binaries,
            "pg_ctl",
            List.of(
                "start",
                "-D",
                folder.postgres().toString(),
                "-l",
                folder.postgresLog().toString(),
                "-o",
                options,
                "-w",
                "-t",
                START_SECONDS,
                "-s"));
        return port;
      } catch (IOException e) {
        // Someone took the port between our look and the start: that, and nothing else, is worth
        // another try.
        if (attempt == TRIES || Ports.isFree(loopback, port)) {
          throw e;
        }
        port = Ports.anyFree(loopback);
      }
    }
  }

  private void ensureDatabase(Credentials credentials) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", SUPERUSER);
    properties.setProperty("password", credentials.superuserPassword());
    properties.setProperty("connectTimeout", "20");
    var url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    try (var connection = DriverManager.getConnection(url, properties)) {
      if (!exists(connection, "select 1 from pg_roles where rolname = '" + USER + "'")) {
        execute(
            connection,
            "create role %s login password '%s'".formatted(USER, credentials.databasePassword()));
      }
      if (!exists(connection, "select 1 from pg_database where datname = '" + DATABASE + "'")) {
        execute(connection, "create database %s owner %s".formatted(DATABASE, USER));
      }
    }
  }

  private static boolean exists(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void stop(DataFolder folder, Path binaries) {
    var data = folder.postgres().toString();
    try {
      run(
          folder,
          binaries,
          "pg_ctl",
          List.of("stop", "-D", data, "-m", "fast", "-w", "-t", STOP_SECONDS, "-s"));
    } catch (IOException e) {
      if (runningServer(folder).isPresent()) {
        try {
          run(
              folder,
              binaries,
              "pg_ctl",
              List.of("stop", "-D", data, "-m", "immediate", "-w", "-t", STOP_SECONDS, "-s"));
        } catch (IOException e2) {
          e2.addSuppressed(e);
          System.err.println("PostgreSQL does not stop: " + e2.getMessage());
        } catch (InterruptedException e2) {
          Thread.currentThread().interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The server that {@code postmaster.pid} names, if that process is alive and really is PostgreSQL
   * on this folder.
   */
  private static Optional<ProcessHandle> runningServer(DataFolder folder) {
    return namedProcess(folder).filter(process -> isPostgres(process) && isOn(folder, process));
  }

  /**
   * After a crash of the machine the number in {@code postmaster.pid} may be anybody's, and
   * PostgreSQL would refuse to start beside it.
   */
  private static void forgetStrangers(DataFolder folder) throws IOException {
    var stranger = namedProcess(folder).filter(process -> !isPostgres(process));
    if (stranger.isPresent() && stranger.get().info().command().isPresent()) {
      Files.deleteIfExists(folder.postgres().resolve(PID_FILE));
    }
  }

  private static Optional<ProcessHandle> namedProcess(DataFolder folder) {
    try (var lines = Files.lines(folder.postgres().resolve(PID_FILE))) {
      return lines
          .findFirst()
          .map(String::strip)
          .filter(pid -> pid.matches("[0-9]{1,18}"))
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
          .filter(ProcessHandle::isAlive);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isPostgres(ProcessHandle process) {
    var command = process.info().command().orElse("");
    return command.substring(command.lastIndexOf(File.separatorChar) + 1).startsWith("postgres");
  }

  /** By its working folder, which it keeps when that is renamed, or else by its arguments. */
  private static boolean isOn(DataFolder folder, ProcessHandle process) {
    try {
      var workingFolder = Path.of("/proc", String.valueOf(process.pid()), "cwd");
      return workingFolder.toRealPath().equals(folder.postgres().toRealPath());
    } catch (IOException e) {
      return process
          .info()
          .arguments()
          .map(arguments -> List.of(arguments).contains(folder.postgres().toString()))
          .orElse(true);
    }
  }

  private static void run(DataFolder folder, Path binaries, String tool, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(privileges());
    command.add(
        binaries.resolve("bin").resolve(DataFolder.isWindows() ? tool + ".exe" : tool).toString());
    command.addAll(arguments);
    Files.createDirectories(folder.serversLog().resolveSibling("."));
    var output = Files.createTempFile(folder.serversLog().resolveSibling("."), tool, ".out");
    try {
      // A file and no pipe: the server inherits it, and a pipe would not end before the server
      // does.
      var builder =
          new ProcessBuilder(command)
              .directory(folder.root().toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("PG") || name.equals("CLASSPATH"));
      builder.environment().put("LC_ALL", "C");
      int exitCode = builder.start().waitFor();
      if (exitCode != 0) {
        throw new IOException(
            "%s ended with %d: %s"
                .formatted(tool, exitCode, complaint(folder, Files.readString(output))));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** PostgreSQL's own reason rather than pg_ctl's "examine the log output". */
  private static String complaint(DataFolder folder, String output) {
    var lines = new ArrayList<>(output.lines().filter(line -> !line.isBlank()).toList());
    if (output.contains("log output") && Files.exists(folder.postgresLog())) {
      try {
        lines.clear();
        lines.addAll(Files.readAllLines(folder.postgresLog()));
      } catch (IOException e) {
        lines.add(String.valueOf(e.getMessage()));
      }
    }
    return lines.reversed().stream()
        .filter(
            line -> line.contains("FATAL:") || line.contains("PANIC:") || line.contains("error:"))
        .findFirst()
        .or(() -> lines.reversed().stream().findFirst())
        .orElse("it said nothing");
  }

  /**
   * PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is.
   */
  private static List<String> privileges() throws IOException, InterruptedException {
    if (DataFolder.isWindows() || new UnixSystem().getUid() != 0) {
      return List.of();
    }
    try {
      var builder = new ProcessBuilder("unshare", "-U", "id", "-un").redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      var probe = builder.start();
      if (probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0) {
        return List.of("unshare", "-U");
      }
    } catch (IOException e) {
      // No such program: the sentence below says what to do.
    }
    throw new IOException(
        "PostgreSQL does not run as root, and this machine allows no user namespaces (unshare -U);"
            + " start Cairn as another user");
  }
}
