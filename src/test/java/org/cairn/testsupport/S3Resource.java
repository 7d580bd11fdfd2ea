package org.cairn.testsupport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** One real S3 server for the whole test run, on a free port, over an empty folder. */
public final class S3Resource implements QuarkusTestResourceLifecycleManager {

  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret";

  private S3Proxy server;

  @Override
  public Map<String, String> start() {
    try {
      server = start(Files.createTempDirectory("cairn-s3-"));
    } catch (Exception e) {
      throw new IllegalStateException("S3 server did not start", e);
    }
    return Map.of(
        "cairn.s3.endpoint",
        endpoint(server),
        "cairn.s3.access-key",
        ACCESS_KEY,
        "cairn.s3.secret-key",
        SECRET_KEY,
        "cairn.s3.bucket",
        "cairn-test",
        "cairn.s3.create-bucket",
        "true",
        // The smallest that S3 allows, so that tests of several parts stay small.
        "cairn.upload.part-size",
        "5M");
  }

  /** Starts a server over {@code folder}; the caller stops it. */
  public static S3Proxy start(Path folder) throws Exception {
    var server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .ignoreUnknownHeaders(true)
            .jettyMaxThreads(32)
            .build();
    server.start();
    return server;
  }

  public static String endpoint(S3Proxy server) {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public void stop() {
    try {
      if (server != null) {
        server.stop();
      }
    } catch (Exception e) {
      throw new IllegalStateException("S3 server did not stop", e);
    }
  }
}
