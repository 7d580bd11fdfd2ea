package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A server that Cairn is tested against, as a process on loopback; built by {@code .ci/peer}. */
public final class PeerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;

  private PeerProcess(Process process) {
    this.process = process;
  }

  /** Where a peer is; fails with what the script says, such as what is to be installed. */
  public static Path locate(String name, Path folder) throws Exception {
    var complaints = folder.resolve(name + "-build.log").toFile();
    var script = Path.of(".ci/peer").toAbsolutePath().toString();
    var build = new ProcessBuilder(script, name).redirectError(complaints).start();
    var answer = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(build.waitFor())
        .as(".ci/peer %s: %s", name, Files.readString(complaints.toPath()))
        .isZero();
    return Path.of(answer);
  }

  /**
   * A port that nobody listens on. None of those that the system gives to clients: until the server
   * is there, some connection of a test that runs beside this one might get it.
   */
  public static int freePort() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (var _ = new ServerSocket(port)) {
        return port;
      } catch (IOException e) {
        // It is taken: another one.
      }
    }
  }

  /**
   * Starts a peer and waits until it listens.
   *
   * @param folder where it runs and logs
   * @param port that it is told to listen on, on loopback
   */
  public static PeerProcess start(
      String name, Path folder, int port, Map<String, String> environment, List<String> arguments)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(locate(name, folder).toString());
    command.addAll(arguments);
    var log = folder.resolve(name + ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    var peer = new PeerProcess(builder.start());
    try {
      CairnProcess.await(name, START, () -> !peer.process.isAlive() || listens(port));
      assertThat(peer.process.isAlive()).as("%s", Files.readString(log)).isTrue();
    } catch (Throwable e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  private static boolean listens(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
