package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A MinIO that compresses what it stores, for objects that are larger than the disk: whoever talks
 * to it sends and gets every byte. Built by {@code .ci/peer}.
 */
final class MinioServer implements AutoCloseable {

  private static final String ACCESS_KEY = "size-trial-access";
  private static final String SECRET_KEY = "size-trial-secret";

  private final Process process;
  private final Path data;
  private final int port;

  private MinioServer(Process process, Path data, int port) {
    this.process = process;
    this.data = data;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  static MinioServer start(Path folder) throws IOException, InterruptedException {
    var program = Peers.locate("minio").toString();
    int port = CairnProcess.freePort();
    var data = Files.createDirectories(folder.resolve("minio"));
    var builder =
        new ProcessBuilder(
                program, "server", "--quiet", "--address", "127.0.0.1:" + port, data.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("minio.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "MINIO_ROOT_USER",
                ACCESS_KEY,
                "MINIO_ROOT_PASSWORD",
                SECRET_KEY,
                "MINIO_COMPRESSION_ENABLE",
                "on",
                "MINIO_COMPRESSION_MIME_TYPES",
                "*"));
    var process = builder.start();
    CairnProcess.awaitListening("MinIO", process, port);
    return new MinioServer(process, data, port);
  }

  /** How a Cairn is told of it. */
  Map<String, String> environment() {
    return Map.of(
        "CAIRN_S3_ENDPOINT",
        URI.create("http://127.0.0.1:" + port).toString(),
        "CAIRN_S3_ACCESS_KEY",
        ACCESS_KEY,
        "CAIRN_S3_SECRET_KEY",
        SECRET_KEY,
        "CAIRN_S3_CREATE_BUCKET",
        "true");
  }

  /** What it uses of the disk, in bytes. */
  long used() throws IOException {
    try (var files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public void close() {
    CairnProcess.stop(process.toHandle());
  }
}
