package org.cairn.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Cairn's end of the child process in {@link ChildServers}. */
final class EmbeddedServers implements AutoCloseable {

  /** Unpacking, initdb or the replay of a log on a slow machine. */
  private static final int START_SECONDS = 240;

  private static final int STOP_SECONDS = 75;

  private static final Pattern READY =
      Pattern.compile(ChildServers.READY + " postgres=(?<postgres>[0-9]+) s3=(?<s3>[0-9]+)");

  private final DataFolder folder;
  private final Process process;
  private final int postgresPort;
  private final int s3Port;

  private EmbeddedServers(DataFolder folder, Process process, int postgresPort, int s3Port) {
    this.folder = folder;
    this.process = process;
    this.postgresPort = postgresPort;
    this.s3Port = s3Port;
  }

  /** Starts the child and waits until both servers answer. */
  static EmbeddedServers start(Installation installation, DataFolder folder) {
    try {
      keepOneOldLog(folder.serversLog());
      keepOneOldLog(folder.postgresLog());
      var process = startProcess(installation, folder);
      var line = firstLine(process);
      var ready = READY.matcher(line);
      if (ready.matches()) {
        return new EmbeddedServers(
            folder,
            process,
            Integer.parseInt(ready.group("postgres")),
            Integer.parseInt(ready.group("s3")));
      }
      stop(folder, process);
      throw new StartFailure(
          StartFailure.SERVERS,
          "PostgreSQL and the S3 server of %s did not start: %s (see %s)"
              .formatted(folder.root(), reason(line), folder.serversLog()));
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.SERVERS, "The child servers did not start: " + e.getMessage(), e);
    }
  }

  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgresPort, PostgresServer.DATABASE);
  }

  String s3Endpoint() {
    return "http://127.0.0.1:" + s3Port;
  }

  /** Runs {@code action} when the child ends, whoever ended it. */
  void onExit(Runnable action) {
    // A thread of its own, because it may end this process, and the way down needs the common pool.
    var _ = process.onExit().thenRun(() -> Thread.ofPlatform().name("servers-ended").start(action));
  }

  @Override
  public void close() {
    stop(folder, process);
  }

  private static Process startProcess(Installation installation, DataFolder folder)
      throws IOException {
    var command = new ArrayList<String>();
    if (!DataFolder.isWindows()) {
      // Ctrl-C and a closing terminal reach every process in it: the servers must outlive Cairn's
      // own way down.
      command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            ChildServers.class.getName(),
            folder.root().toString()));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.root().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.serversLog().toFile()));
    // A debugger's port or an agent meant for Cairn would collide with Cairn's own.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    // Not as an option: ps and its like would show some hundred jars and never come to the folder.
    builder.environment().put("CLASSPATH", installation.childClassPath());
    return builder.start();
  }

  private static String firstLine(Process process) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var line =
        CompletableFuture.supplyAsync(() -> {
          try {
            var text = reader.readLine();
            return text == null ? "" : text;
          } catch (IOException e) {
            return "";
          }
        });
    try {
      return line.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return ChildServers.FAILED + " no answer for " + START_SECONDS + " s";
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void stop(DataFolder folder, Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The child is gone already.
    }
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      PostgresServer.stopLeftOver(folder);
    } catch (IOException e) {
      System.err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(String line) {
    return line.startsWith(ChildServers.FAILED)
        ? line.substring(ChildServers.FAILED.length()).strip()
        : "the process ended at once";
  }

  private static void keepOneOldLog(Path log) throws IOException {
    Files.createDirectories(log.resolveSibling("."));
    if (Files.exists(log) && Files.size(log) > 1 << 20) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
