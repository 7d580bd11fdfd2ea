package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry without configuration, on a disk of its own that others fill. */
@Tag("conformance")
class FullDiskIT {

  private static final Duration BOUND = Duration.ofSeconds(45);

  /** Mounts a small disk that nobody else sees and that ends with the process. */
  private static final String LAUNCHER =
      """
      #!/bin/sh
      exec unshare -r -m sh -c 'mount -t tmpfs -o size=450m none "$DISK" && cd "$DISK" && exec "$CAIRN" "$@"' cairn "$@"
      """;

  @TempDir Path folder;

  @Test
  void nothingIsLostAndEverythingGoesOnWhenThereIsRoom() throws Exception {
    var disk = Files.createDirectory(folder.resolve("disk"));
    var launcher = Files.writeString(folder.resolve("cairn"), LAUNCHER);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    try (var cairn =
        CairnProcess.start(
            launcher,
            folder,
            Map.of("DISK", disk.toString(), "CAIRN", CairnProcess.LAUNCHER.toString()),
            "serve",
            "--data",
            disk.resolve("data").toString())) {
      cairn.awaitReady();
      // Through a folder of the process, which alone sees the disk.
      var ballast =
          Path.of("/proc", String.valueOf(cairn.handle().pid()), "cwd").resolve("ballast");
      var work = new Work(cairn.url(), BOUND, 9);
      var client = new Client(cairn.url(), BOUND);

      fill(ballast, 100 << 20);
      var full =
          client.post(
              "/v1/uploads",
              "",
              "{\"sha256\":\"%s\",\"size\":1000}".formatted(Sha256.of(new byte[1000])),
              507);
      assertThat(client.faults()).isEmpty();
      assertThat(full.orElseThrow().json().path("type").asText())
          .isEqualTo("/problems/insufficient-storage");
      // The database still has the room that the store left it.
      assertThat(client.post("/v1/projects", "", name(), 201)).isPresent();
      assertThat(work.download("/v1/artifacts/sha256:" + work.digest())).isPresent();
      assertThat(CairnProcess.get(cairn.healthUrl() + "/live").statusCode()).isEqualTo(200);

      fill(ballast, 0);
      var big = "{\"name\":\"x-" + UUID.randomUUID() + "\",\"metadata\":{\"a\":\"%s\"}}";
      await(
          "a full database",
          BOUND,
          () -> client.post("/v1/projects", "", big.formatted(noise()), 507).isPresent());
      assertThat(work.download("/v1/artifacts/sha256:" + work.digest())).isPresent();

      Files.delete(ballast);
      try (var working = work.start()) {
        await("work", BOUND, () -> working.acknowledged() >= 6);
      }
      work.check();
    }
  }

  private static String name() {
    return "{\"name\":\"p-" + UUID.randomUUID() + "\"}";
  }

  private static String noise() {
    var noise = new StringBuilder();
    while (noise.length() < 30_000) {
      noise.append(UUID.randomUUID());
    }
    return noise.toString();
  }

  /** Leaves so much room. */
  private static void fill(Path ballast, long left) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(
            ballast,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      var some = new byte[64 << 10];
      while (ballast.toFile().getUsableSpace() > left) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(left).as("%s", e).isZero(); // there is no room for the last bytes
    }
  }
}
