package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.RestAssured;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.HttpFault;
import org.cairn.testsupport.HttpFaultProxy;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service, killed while it verifies: nothing is lost and nothing unread is readable.
 */
class VerificationKillIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int SIZE = 3 << 20;

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;
  private static S3Proxy s3;

  private final Uploads uploads = new Uploads();

  @BeforeAll
  static void startServers() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    s3 = S3Resource.start(folder);
  }

  @AfterAll
  static void stopServers() throws Exception {
    s3.stop();
    postgres.close();
  }

  @AfterEach
  void forgetTheService() {
    RestAssured.reset();
  }

  @Test
  void whatAKilledServiceVerifiedIsVerifiedByTheNext() throws Exception {
    var hashing = Uploads.randomBytes(SIZE);
    var assembling = Uploads.randomBytes(SIZE);
    var claimed = Uploads.randomBytes(SIZE);
    var corrupt = claimed.clone();
    corrupt[SIZE - 1] ^= 1;
    UUID[] ids;
    try (var stuck = new HttpFaultProxy(s3.getPort());
        var cairn = serve(stuck.port())) {
      stuck.fail(line -> fault(line, Uploads.sha256(assembling)));
      ids =
          new UUID[] {
            uploads.sent(hashing, hashing),
            uploads.sent(assembling, assembling),
            uploads.sent(claimed, corrupt)
          };
      for (var id : ids) {
        uploads.complete(id.toString()).statusCode(202);
      }
      await("three stuck verifications", PATIENCE, () -> stuck.held() == 3);
      for (var id : ids) {
        uploads.await(id.toString(), 0).body("state", equalTo("verifying"));
      }
      for (var bytes : List.of(hashing, assembling, claimed, corrupt)) {
        assertThat(download(bytes).statusCode()).isEqualTo(404);
      }
      cairn.process().kill().awaitExit(PATIENCE);
    }
    // The store did all that was asked before the kill, so this object is there without a witness.
    assertThat(objectsOf(assembling)).isEqualTo(1);

    try (var _ = serve(s3.getPort())) {
      assertThat(download(claimed).statusCode()).isEqualTo(404);
      uploads.await(ids[0].toString()).body("state", equalTo("verified"));
      uploads.await(ids[1].toString()).body("state", equalTo("verified"));
      uploads
          .await(ids[2].toString())
          .body("state", equalTo("failed"))
          .body("actualSha256", equalTo(Uploads.sha256(corrupt)));
      given()
          .get("/v1/jobs?kind=verify-upload")
          .then()
          .body("items.attempts", equalTo(List.of(2, 2, 2)));
      assertThat(download(hashing).asByteArray()).isEqualTo(hashing);
      assertThat(download(assembling).asByteArray()).isEqualTo(assembling);
      assertThat(download(claimed).statusCode()).isEqualTo(404);
      assertThat(download(corrupt).statusCode()).isEqualTo(404);
    }
    assertThat(objectsOf(hashing)).isEqualTo(1);
    assertThat(objectsOf(assembling)).isEqualTo(1);
    assertThat(objectsOf(claimed)).isZero();
  }

  /** Objects get stuck in the middle, one before it is assembled. */
  private static HttpFault fault(String requestLine, String assembling) {
    var isObject = requestLine.contains("/artifacts/");
    var isUpload = requestLine.contains("uploadId=");
    if (isObject && isUpload && requestLine.startsWith("POST")) {
      return requestLine.contains(assembling) ? HttpFault.hold(0) : HttpFault.NONE;
    }
    return isObject && !isUpload && requestLine.startsWith("GET")
        ? HttpFault.hold(SIZE / 2)
        : HttpFault.NONE;
  }

  private static io.restassured.response.Response download(byte[] bytes) {
    return given().get("/v1/artifacts/sha256:" + Uploads.sha256(bytes));
  }

  /** Files below the store's folder for a digest that somebody announced. */
  private static long objectsOf(byte[] announced) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("/" + Uploads.sha256(announced) + "/"))
          .count();
    }
  }

  private static CairnService serve(int store) throws IOException {
    var settings = CairnService.settings(postgres.getPort(), store);
    settings.put("CAIRN_S3_PUBLIC_ENDPOINT", S3Resource.endpoint(s3));
    settings.put("CAIRN_JOBS_LEASE", "PT3S");
    var cairn = CairnService.start(folder, settings);
    RestAssured.baseURI = cairn.url();
    RestAssured.port = RestAssured.UNDEFINED_PORT;
    return cairn;
  }
}
