package org.cairn.artifact;

import static org.cairn.testsupport.CairnProcess.await;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.S3Resource;

/** The packaged service over a database and a store that the test has started. */
final class PackagedService {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private PackagedService() {}

  /** Starts it and sends what follows to it; the caller stops it. */
  static CairnProcess serve(
      Path folder, String database, String store, String publicStore, Map<String, String> more) {
    int port = freePort();
    int management = freePort();
    var environment = new HashMap<String, String>(more);
    environment.putAll(
        Map.of(
            "QUARKUS_DATASOURCE_JDBC_URL",
            database,
            "QUARKUS_DATASOURCE_USERNAME",
            "postgres",
            "QUARKUS_DATASOURCE_PASSWORD",
            "postgres",
            "QUARKUS_MANAGEMENT_PORT",
            String.valueOf(management),
            "CAIRN_S3_ENDPOINT",
            store,
            "CAIRN_S3_PUBLIC_ENDPOINT",
            publicStore,
            "CAIRN_S3_CREATE_BUCKET",
            "true",
            "CAIRN_S3_ACCESS_KEY",
            S3Resource.ACCESS_KEY,
            "CAIRN_S3_SECRET_KEY",
            S3Resource.SECRET_KEY));
    var cairn =
        CairnProcess.start(
            CairnProcess.LAUNCHER,
            folder,
            environment,
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port));
    RestAssured.baseURI = "http://127.0.0.1";
    RestAssured.port = port;
    await(
        "readiness: " + cairn.output(),
        PATIENCE,
        () -> isReady("http://127.0.0.1:" + management + "/q/health/ready"));
    return cairn;
  }

  private static boolean isReady(String address) {
    try {
      return CairnProcess.get(address).statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
