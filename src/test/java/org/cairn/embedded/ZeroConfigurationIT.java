package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.cairn.testsupport.CairnProcess.get;
import static org.cairn.testsupport.CairnProcess.post;
import static org.cairn.testsupport.CairnProcess.processesOn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a zero-configuration registry, from an empty folder through every way to end it. */
class ZeroConfigurationIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path temporary;

  @Test
  void startsOnNothingKeepsEverythingAndLeavesNothingRunning() throws IOException {
    var folder = temporary.resolve("a folder with spaces");
    int port = freePort();

    try (var cairn = serve(folder, port).awaitReady()) {
      assertThat(cairn.url()).isEqualTo("http://127.0.0.1:" + port);
      assertThat(get(cairn.url() + "/q/openapi").statusCode()).isEqualTo(200);
      assertThat(get(cairn.url() + "/q/swagger-ui/").statusCode()).isEqualTo(200);
      var health = get(cairn.healthUrl() + "/ready");
      assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
      assertThat(folder.resolve("objects/cairn")).isDirectory();
      assertThat(Files.getPosixFilePermissions(folder.resolve("credentials.properties")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(Files.getPosixFilePermissions(folder.resolve("objects")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(post(cairn.url() + "/v1/projects", "{\"name\":\"kept\"}").statusCode())
          .isEqualTo(201);

      refusesASecondOne(folder);
      // Nothing but what was asked for: no log lines, no warnings of the JVM.
      assertThat(cairn.output().lines().filter(line -> !line.isBlank())).hasSizeLessThan(8);

      assertThat(cairn.terminate().awaitExit(SOON)).isEqualTo(143);
      assertThat(processesOn(folder)).isEmpty();
    }

    var withoutPages = Map.of("QUARKUS_SWAGGER_UI_ENABLED", "false");
    try (var cairn = serve(folder, port, withoutPages).awaitReady()) {
      assertThat(get(cairn.url() + "/v1/projects/kept").statusCode()).isEqualTo(200);
      assertThat(get(cairn.url() + "/q/swagger-ui/").statusCode()).isEqualTo(404);
      assertThat(get(cairn.url() + "/q/openapi").statusCode()).isEqualTo(200);
      assertThat(processesOn(folder)).isNotEmpty();
      cairn.kill().awaitExit(SOON);
      await("servers end", SOON, () -> processesOn(folder).isEmpty());
    }

    try (var cairn = serve(folder, port).awaitReady()) {
      assertThat(get(cairn.url() + "/v1/projects/kept").statusCode()).isEqualTo(200);
      var servers =
          cairn
              .handle()
              .children()
              .filter(child -> child.info().commandLine().isPresent())
              .toList();
      servers.forEach(ProcessHandle::destroyForcibly);
      assertThat(cairn.awaitExit(SOON)).isEqualTo(StartFailure.SERVERS);
      assertThat(cairn.output()).contains("has ended unexpectedly");
      assertThat(processesOn(folder)).isEmpty();
    }
  }

  private void refusesASecondOne(Path folder) throws IOException {
    try (var second = serve(folder, freePort())) {
      assertThat(second.awaitExit(SOON)).isEqualTo(StartFailure.IN_USE);
      assertThat(second.output()).contains("is in use by another Cairn (process ").hasLineCount(1);
    }
  }

  @Test
  void aTakenPortIsSaid() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var cairn = serve(temporary.resolve("data"), taken.getLocalPort())) {
      assertThat(cairn.awaitExit(SOON)).isEqualTo(StartFailure.PORT_TAKEN);
      assertThat(cairn.output()).contains("Port " + taken.getLocalPort()).hasLineCount(1);
    }
    assertThat(temporary.resolve("data")).doesNotExist();
  }

  @Test
  void twoStartsAtTheSameMomentDoNotCollide() {
    try (var one = CairnProcess.start(temporary, "serve", "--data", "one");
        var other = CairnProcess.start(temporary, "serve", "--data", "other")) {
      one.awaitReady();
      other.awaitReady();
      assertThat(one.url()).isNotEqualTo(other.url());
      assertThat(one.healthUrl()).isNotEqualTo(other.healthUrl());
      assertThat(get(one.healthUrl() + "/ready").statusCode()).isEqualTo(200);
      assertThat(get(other.healthUrl() + "/ready").statusCode()).isEqualTo(200);
    }
  }

  private CairnProcess serve(Path folder, int port) {
    return serve(folder, port, Map.of());
  }

  private CairnProcess serve(Path folder, int port, Map<String, String> environment) {
    return CairnProcess.start(
        CairnProcess.LAUNCHER,
        temporary,
        environment,
        "serve",
        "--data",
        folder.toString(),
        "--port",
        String.valueOf(port));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
