package org.cairn.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server that speaks S3, on loopback, with the keys of {@link S3Resource}. */
public record S3Server(int port, Ending ending) implements AutoCloseable {

  /** Ends it. */
  interface Ending {
    void run() throws Exception;
  }

  /** Who made it. */
  public enum Make {
    S3PROXY("S3Proxy"),
    MINIO("MinIO"),
    VERSITYGW("versitygw"),
    CEPH("Ceph RGW");

    private final String text;

    Make(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Starts one over an empty folder. */
  public static S3Server start(Make make, Path folder) throws Exception {
    var data = Files.createDirectories(folder.resolve("data"));
    if (make == Make.S3PROXY) {
      var server = S3Resource.start(data);
      return new S3Server(server.getPort(), server::stop);
    }
    int port = PeerProcess.freePort();
    if (make == Make.CEPH) {
      return new S3Server(port, CephCluster.start(data, port)::close);
    }
    var address = "127.0.0.1:" + port;
    var process =
        switch (make) {
          case MINIO ->
              PeerProcess.start(
                  "minio",
                  folder,
                  port,
                  Map.of(
                      "MINIO_ROOT_USER", S3Resource.ACCESS_KEY,
                      "MINIO_ROOT_PASSWORD", S3Resource.SECRET_KEY),
                  List.of("server", "--address", address, data.toString()));
          case VERSITYGW ->
              PeerProcess.start(
                  "versitygw",
                  folder,
                  port,
                  Map.of(
                      "ROOT_ACCESS_KEY", S3Resource.ACCESS_KEY,
                      "ROOT_SECRET_KEY", S3Resource.SECRET_KEY),
                  List.of("--port", address, "posix", data.toString()));
          default -> throw new IllegalArgumentException(make.name());
        };
    return new S3Server(port, process::close);
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    try {
      ending.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
