package org.cairn.embedded;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Decides how this server gets its database and store, tells Quarkus, and runs it. */
final class ServerStart {

  private static final String PORT = "quarkus.http.port";
  private static final String HOST = "quarkus.http.host";
  private static final String MANAGEMENT_PORT = "quarkus.management.port";
  private static final int DEFAULT_PORT = 8080;
  private static final int DEFAULT_MANAGEMENT_PORT = 9000;
  private static final String LOOPBACK = "127.0.0.1";

  /** How long Quarkus may take to finish requests and jobs, before its database is taken away. */
  private static final Duration QUARKUS_STOP = Duration.ofSeconds(30);

  /** What is started for. */
  enum Task {
    SERVE,
    DEMO,
    REBUILD,
    REBUILD_JSON;

    boolean isRebuild() {
      return this == REBUILD || this == REBUILD_JSON;
    }
  }

  private final ServerOptions options;
  private final Task task;
  private final Installation installation;
  private final ConfiguredDatabase database;

  private ServerStart(
      ServerOptions options, Task task, Installation installation, ConfiguredDatabase database) {
    this.options = options;
    this.task = task;
    this.installation = installation;
    this.database = database;
  }

  static ServerStart here(ServerOptions options, Task task) {
    return new ServerStart(
        options,
        task,
        Installation.locate(),
        new ConfiguredDatabase(System.getProperties(), System.getenv(), Path.of("")));
  }

  /** Ends with the server. */
  void run() {
    var configured = database.source();
    if (configured.isPresent()) {
      runConfigured(configured.get());
    } else if (installation.hasServers()) {
      runAlone();
    } else {
      throw new StartFailure(
          StartFailure.NOT_CONFIGURED,
          "No database is configured: set QUARKUS_DATASOURCE_JDBC_URL, _USERNAME and _PASSWORD to a"
              + " PostgreSQL, and CAIRN_S3_ENDPOINT, CAIRN_S3_BUCKET, CAIRN_S3_ACCESS_KEY and"
              + " CAIRN_S3_SECRET_KEY to an S3 store.");
    }
  }

  private void runConfigured(String source) {
    if (task == Task.DEMO || options.data != null) {
      throw new StartFailure(
          StartFailure.USAGE,
          "%s is for a registry with servers of its own, but a database is configured (%s)."
              .formatted(task == Task.DEMO ? "cairn demo" : "--data", source));
    }
    if (task.isRebuild()) {
      runRebuild();
      return;
    }
    if (options.host != null) {
      System.setProperty(HOST, options.host);
    }
    if (options.port != null) {
      System.setProperty(PORT, String.valueOf(options.port));
      requireFree(Ports.address(options.host == null ? "0.0.0.0" : options.host), options.port);
    }
    Quarkus.run();
  }

  /** Without ports and schedules: nobody is to write to a catalogue that is half there. */
  private void runRebuild() {
    for (var off :
        List.of(
            "quarkus.http.host-enabled",
            "quarkus.management.host-enabled",
            "quarkus.scheduler.enabled")) {
      System.setProperty(off, "false");
    }
    // A statement about a whole catalogue takes as long as it takes.
    System.setProperty("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "0");
    Quarkus.run(
        RebuildApplication.class,
        ServerStart::exit,
        task == Task.REBUILD_JSON ? new String[] {"json"} : new String[0]);
  }

  private void runAlone() {
    var host = Ports.address(options.host == null ? setting(HOST, LOOPBACK) : options.host);
    var asked = options.port == null ? setting(PORT, "") : String.valueOf(options.port);
    if (!asked.isEmpty()) {
      requireFree(host, portOf(asked));
    }
    var folder = DataFolder.open(options.data == null ? Path.of("cairn-data") : options.data);
    var lock = lock(folder);
    if (task.isRebuild()) {
      announce(lock, 0);
      var servers = EmbeddedServers.start(installation, folder);
      stopWithQuarkus(servers, lock);
      configure(folder, servers, host, 0);
      runRebuild();
      return;
    }
    int port = asked.isEmpty() ? freePort(host) : askedPort(host, portOf(asked));
    announce(lock, port);
    if (!folder.isInitialized()) {
      System.out.println("Setting up PostgreSQL and an S3 server in " + folder.root() + " ...");
    }
    var servers = EmbeddedServers.start(installation, folder);
    stopWithQuarkus(servers, lock);
    configure(folder, servers, host, port);
    Quarkus.run(
        CairnServer.class,
        ServerStart::exit,
        task == Task.DEMO ? "demo" : "serve",
        folder.root().toString(),
        installation.home().toString());
  }

  /** A port may be taken by somebody else in the moment between its release and its use. */
  private static void exit(int exitCode, @Nullable Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        System.exit(StartFailure.PORT_TAKEN);
      }
    }
    System.exit(exitCode);
  }

  private static int portOf(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new StartFailure(StartFailure.USAGE, "A port is a number, not '" + text + "'.", e);
    }
  }

  private static int freePort(InetAddress host) {
    int port = Ports.holdFrom(host, DEFAULT_PORT);
    if (port != DEFAULT_PORT) {
      System.out.println(
          "Port " + DEFAULT_PORT + " is taken, using " + port + " (--port sets one).");
    }
    return port;
  }

  /** The port asked for, kept from others from now on. */
  private static int askedPort(InetAddress host, int port) {
    try {
      if (port != 0) {
        Ports.hold(host, port);
      }
      return port;
    } catch (IOException e) {
      throw Ports.refused(host, port, e);
    }
  }

  private static void requireFree(InetAddress host, int port) {
    if (port < 0 || port > 65_535) {
      throw new StartFailure(
          StartFailure.USAGE, "--port must be from 0 to 65535, not " + port + ".");
    }
    if (port != 0) {
      Ports.requireFree(host, port);
    }
  }

  /** To be kept: a lock that nobody refers to is closed and so given up. */
  private static FolderLock lock(DataFolder folder) {
    try {
      return FolderLock.tryAcquire(folder.lock())
          .orElseThrow(() ->
              new StartFailure(
                  StartFailure.IN_USE,
                  ("The data folder %s is in use by another Cairn (%s): stop that one, or give"
                          + " another folder with --data.")
                      .formatted(folder.root(), FolderLock.holder(folder.lock()))));
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.DATA_FOLDER,
          "Cannot lock the data folder %s: %s".formatted(folder.root(), e.getMessage()),
          e);
    }
  }

  private static void announce(FolderLock lock, int port) {
    try {
      lock.write("process %d, port %d".formatted(ProcessHandle.current().pid(), port));
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.DATA_FOLDER, "Cannot write to the data folder: " + e.getMessage(), e);
    }
  }

  private static void configure(
      DataFolder folder, EmbeddedServers servers, InetAddress host, int port) {
    Credentials credentials;
    try {
      credentials = Credentials.readOrCreate(folder.credentials());
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.DATA_FOLDER,
          "Cannot read " + folder.credentials() + ": " + e.getMessage(),
          e);
    }
    System.setProperty("quarkus.profile", "prod,embedded");
    System.setProperty("quarkus.datasource.jdbc.url", servers.jdbcUrl());
    System.setProperty("quarkus.datasource.username", PostgresServer.USER);
    System.setProperty("quarkus.datasource.password", credentials.databasePassword());
    System.setProperty("cairn.s3.endpoint", servers.s3Endpoint());
    System.setProperty("cairn.s3.public-endpoint", servers.s3Endpoint());
    System.setProperty("cairn.s3.region", "us-east-1");
    System.setProperty("cairn.s3.bucket", "cairn");
    System.setProperty("cairn.s3.create-bucket", "true");
    System.setProperty("cairn.s3.access-key", credentials.accessKey());
    System.setProperty("cairn.s3.secret-key", credentials.secretKey());
    System.setProperty(HOST, host.getHostAddress());
    System.setProperty(PORT, String.valueOf(port));
    System.setProperty("quarkus.management.host", LOOPBACK);
    if (setting(MANAGEMENT_PORT, "").isEmpty()) {
      int management = Ports.holdFrom(Ports.address(LOOPBACK), DEFAULT_MANAGEMENT_PORT);
      System.setProperty(MANAGEMENT_PORT, String.valueOf(management));
    }
    if (!host.isLoopbackAddress()) {
      if (setting("cairn.access.anonymous", "write").equals("write")) {
        System.out.println(
            "Whoever reaches this machine can write: cairn.access.anonymous=read ends that.");
      }
      // Other machines reach Cairn, not the S3 server on our loopback address.
      System.setProperty("cairn.transfer.mode", "proxied");
    }
  }

  private static void stopWithQuarkus(EmbeddedServers servers, FolderLock lock) {
    var stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  awaitQuarkus();
                  servers.close();
                  lock.close();
                },
                "stop-embedded-servers"));
    servers.onExit(() -> {
      if (!stopping.get()) {
        System.err.println(
            "PostgreSQL or the S3 server has ended unexpectedly; Cairn stops. Its logs are in the"
                + " data folder, logs/servers.log and logs/postgres.log.");
        System.exit(StartFailure.SERVERS);
      }
    });
  }

  private static void awaitQuarkus() {
    var application = Application.currentApplication();
    if (application == null) {
      return;
    }
    // A thread of its own: the common pool may have no other than the one that asked for this exit.
    var waiting = Thread.ofPlatform().daemon().start(application::awaitShutdown);
    try {
      if (!waiting.join(QUARKUS_STOP)) {
        System.err.println("Cairn takes long to stop; stopping its database now.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a system property or the environment says, by the rule that Quarkus has for names. */
  private static String setting(String property, String otherwise) {
    var variable = property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    var value = System.getProperty(property, System.getenv(variable));
    return value == null || value.isBlank() ? otherwise : value.strip();
  }
}
