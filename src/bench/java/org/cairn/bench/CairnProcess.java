package org.cairn.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The packaged server as a process, started as a user starts it. */
final class CairnProcess implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(4);
  private static final int STOP_SECONDS = 90;
  private static final int LINES_OF_LOG = 25;

  private static final int LISTEN_SECONDS = 60;

  private final Process process;
  private final URI uri;
  private final URI management;

  private CairnProcess(Process process, URI uri, URI management) {
    this.process = process;
    this.uri = uri;
    this.management = management;
  }

  /** Starts {@code launcher serve} on a free port and waits until it answers. */
  static CairnProcess start(
      Path launcher, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    int port = freePort();
    int management = freePort();
    var command = new ArrayList<>(List.of(launcher.toString(), "serve"));
    command.addAll(arguments);
    command.addAll(List.of("--host", "127.0.0.1", "--port", String.valueOf(port)));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    // What configures the user's own registry must not reach this one.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("CAIRN_"));
    builder.environment().put("CAIRN_ACCESS_ADMIN_TOKEN", Api.TOKEN);
    builder.environment().putAll(environment);
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
    var started = new CairnProcess(builder.start(), local(port), local(management));
    try {
      started.awaitAnswer(log);
      return started;
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  URI uri() {
    return uri;
  }

  /** Where the metrics are. */
  URI management() {
    return management;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri.resolve("/v1/projects")).timeout(Duration.ofSeconds(5)).build();
    long deadline = System.nanoTime() + START.toNanos();
    try (var client = HttpClient.newHttpClient()) {
      while (true) {
        if (!process.isAlive()) {
          throw new IOException("Cairn has ended:\n" + tail(log));
        }
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("Cairn does not answer:\n" + tail(log));
        }
        try {
          if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not yet.
        }
        Thread.sleep(100);
      }
    }
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static String tail(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    stop(process.toHandle());
  }

  /** Stops whatever was started and still runs. */
  static void stopAll() {
    ProcessHandle.current().children().toList().forEach(CairnProcess::stop);
  }

  /** Waits for a server of another kind; stops it where it does not listen on loopback in time. */
  static void awaitListening(String name, Process process, int port)
      throws IOException, InterruptedException {
    for (int i = 0; i < 10 * LISTEN_SECONDS && process.isAlive(); i++) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    stop(process.toHandle());
    throw new IOException(name + " does not listen");
  }

  static void stop(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
