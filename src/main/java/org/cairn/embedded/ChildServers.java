package org.cairn.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.ConsoleHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The child process of the zero-configuration mode: PostgreSQL and the S3 server of one data
 * folder. It says one line on its standard output, {@code ready postgres=PORT s3=PORT} or {@code
 * failed SENTENCE}, and stops both servers when its standard input ends, which is when Cairn stops
 * or is killed.
 */
final class ChildServers {

  static final String READY = "ready";
  static final String FAILED = "failed";

  /** How long the servers of a Cairn that was killed may take to stop. */
  private static final Duration PREDECESSOR = Duration.ofSeconds(60);

  private static final System.Logger LOG = System.getLogger(ChildServers.class.getName());

  private final DataFolder folder;

  /**
   * One server starts or all stop, never both at once: none may start behind the back of the one
   * that stops them.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private boolean stopping;

  private ChildServers(DataFolder folder) {
    this.folder = folder;
  }

  /** Starts both; {@code arguments} is the data folder. */
  public static void main(String[] arguments) {
    // Before there is a second thread: two that come first to JBoss LogManager together can
    // deadlock.
    LogManager.getLogManager();
    logLikeQuarkus();
    var servers = new ChildServers(new DataFolder(Path.of(arguments[0])));
    Runtime.getRuntime().addShutdownHook(new Thread(servers::stop, "stop-servers"));
    Thread.ofPlatform().name("standard-input").daemon().start(ChildServers::exitWithParent);
    try {
      servers.start();
    } catch (Exception e) {
      var cause =
          e instanceof ExecutionException || e instanceof CompletionException ? e.getCause() : e;
      var reason = cause == null ? e : cause;
      LOG.log(Level.ERROR, "The servers did not start", reason);
      System.out.println(FAILED + " " + oneLine(reason));
      System.exit(StartFailure.SERVERS);
    }
  }

  /**
   * Quarkus' boot library, which is on the class path, has everything logged from TRACE on, kept
   * back until Quarkus configures logging. There is none here: the S3 server would describe each of
   * its steps for nobody, which takes it ten times as long as the steps.
   */
  private static void logLikeQuarkus() {
    var root = Logger.getLogger("");
    root.setLevel(java.util.logging.Level.INFO);
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new ConsoleHandler());
  }

  private void start() throws Exception {
    var alone = awaitPredecessor();
    starting(() -> alone);
    var credentials = Credentials.readOrCreate(folder.credentials());
    var ports = readPorts();
    var objectServer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return ObjectServer.start(folder, credentials, port(ports, "s3"));
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
    var postgres =
        starting(() -> PostgresServer.start(folder, credentials, port(ports, "postgres")));
    var objects = starting(objectServer::get);
    writePorts(postgres.port(), objects.port());
    watch(postgres);
    System.out.println("%s postgres=%d s3=%d".formatted(READY, postgres.port(), objects.port()));
    System.out.flush();
  }

  private <T extends AutoCloseable> T starting(Callable<T> start) throws Exception {
    lock.lock();
    try {
      if (stopping) {
        throw new IOException("asked to stop");
      }
      var server = start.call();
      running.push(server);
      return server;
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      stopping = true;
      while (!running.isEmpty()) {
        try {
          running.pop().close();
        } catch (Exception e) {
          LOG.log(Level.ERROR, "A server did not stop", e);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Answers the lock, which is to be kept: one that nobody refers to is closed and so given up. */
  private FolderLock awaitPredecessor() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PREDECESSOR.toNanos();
    while (true) {
      var acquired = FolderLock.tryAcquire(folder.serversLock());
      if (acquired.isPresent()) {
        return acquired.get();
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the servers of an earlier start still use the data folder");
      }
      Thread.sleep(100);
    }
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever said there; only its end counts.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    System.exit(0);
  }

  private static void watch(PostgresServer postgres) {
    var process = postgres.process().orElseThrow();
    var _ =
        process
            .onExit()
            .thenRun(() -> {
              LOG.log(Level.ERROR, "PostgreSQL has ended, see postgres.log");
              System.exit(StartFailure.SERVERS);
            });
  }

  /**
   * The ports of the last start are taken again when they are free, so that links and notes of them
   * go on working.
   */
  private Properties readPorts() throws IOException {
    var ports = new Properties();
    if (Files.exists(folder.ports())) {
      try (var reader = Files.newBufferedReader(folder.ports())) {
        ports.load(reader);
      }
    }
    return ports;
  }

  private void writePorts(int postgres, int s3) {
    var text = "postgres=%d%ns3=%d%n".formatted(postgres, s3);
    try {
      Files.writeString(folder.ports(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(Properties ports, String key) {
    var text = ports.getProperty(key, "").strip();
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }

  private static String oneLine(Throwable reason) {
    var message = reason.getMessage();
    return (message == null ? reason.toString() : message).replaceAll("\\s+", " ");
  }
}
