package org.cairn.storage.s3;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cairn.testsupport.CairnProcess;

/** An S3 server of another make, as a process on loopback; built by {@code .ci/s3-server}. */
final class S3Server implements AutoCloseable {

  static final String ACCESS_KEY = "contract-access";
  static final String SECRET_KEY = "contract-secret";

  private static final Duration START = Duration.ofSeconds(30);

  /** The words that a server is started with. */
  interface CommandLine {
    List<String> of(String program, String address, Path data);
  }

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static S3Server start(
      String name, Path folder, Map<String, String> environment, CommandLine command)
      throws Exception {
    var program = program(name, folder);
    int port = freePort();
    var data = Files.createDirectories(folder.resolve("data"));
    var log = folder.resolve("log");
    var builder =
        new ProcessBuilder(command.of(program, "127.0.0.1:" + port, data))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    var server = new S3Server(builder.start(), port);
    try {
      CairnProcess.await(name, START, () -> !server.process.isAlive() || server.listens());
      assertThat(server.process.isAlive()).as("%s", Files.readString(log)).isTrue();
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** Where the program is; fails with what the script says, such as what is to be installed. */
  private static String program(String name, Path folder) throws Exception {
    var complaints = folder.resolve("build.log").toFile();
    var script = Path.of(".ci/s3-server").toAbsolutePath().toString();
    var build = new ProcessBuilder(script, name).redirectError(complaints).start();
    var answer = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(build.waitFor())
        .as(".ci/s3-server %s: %s", name, Files.readString(complaints.toPath()))
        .isZero();
    return answer;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  TestBucket bucket() {
    return TestBucket.at("http://127.0.0.1:" + port, ACCESS_KEY, SECRET_KEY);
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
