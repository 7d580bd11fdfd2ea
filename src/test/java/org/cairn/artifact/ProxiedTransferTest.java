package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads and downloads where all bytes go through the service. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(ProxiedTransferTest.Proxied.class)
class ProxiedTransferTest {

  public static final class Proxied implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.transfer.mode", "proxied");
    }
  }

  private static final int PART = 5 << 20;

  @SuppressWarnings("NullAway.Init")
  @TestHTTPResource
  URI service;

  private final Uploads uploads = new Uploads();

  private static String address(byte[] bytes) {
    return "/v1/artifacts/sha256:" + Uploads.sha256(bytes);
  }

  /** Plain bytes of a media type, uploaded if they are not there. */
  private byte[] text() {
    var bytes = "0123456789".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    if (given().head(address(bytes)).statusCode() == 404) {
      var opened =
          given()
              .contentType(ContentType.JSON)
              .body(
                  Map.of(
                      "sha256",
                      Uploads.sha256(bytes),
                      "size",
                      bytes.length,
                      "mediaType",
                      "text/plain"))
              .post("/v1/uploads")
              .then()
              .statusCode(201)
              .extract()
              .jsonPath();
      uploads.putAll(opened, bytes);
      uploads.complete(opened.getString("id")).statusCode(202);
      uploads.await(opened.getString("id")).body("state", equalTo("verified"));
    }
    return bytes;
  }

  private static RequestSpecification here() {
    return given().redirects().follow(false);
  }

  @Test
  void partsAndBytesGoThroughTheService() throws Exception {
    var bytes = Uploads.randomBytes(2 * PART + 12_345);
    var opened = uploads.open(Uploads.sha256(bytes), bytes.length).statusCode(201);
    opened.body("parts[0].url", startsWith(service.resolve("/v1/uploads/").toString()));
    var upload = opened.extract().jsonPath();
    uploads.putAll(upload, bytes);
    given()
        .get("/v1/uploads/" + upload.getString("id") + "/parts")
        .then()
        .body("arrived.number", equalTo(List.of(1, 2, 3)));
    uploads.complete(upload.getString("id")).statusCode(202);
    uploads.await(upload.getString("id")).body("state", equalTo("verified"));
    var download = here().get(address(bytes)).then().statusCode(200).extract();
    assertThat(download.asByteArray()).isEqualTo(bytes);
    assertThat(download.header("Content-Length")).isEqualTo(Integer.toString(bytes.length));
    // java.net.http sends Expect: 100-continue when it is asked to.
    var again = uploads.open(Uploads.sha256(Uploads.randomBytes(100)), 100).extract().jsonPath();
    var expecting =
        HttpRequest.newBuilder(URI.create(again.getString("parts[0].url")))
            .expectContinue(true)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[100]))
            .build();
    assertThat(Uploads.HTTP.send(expecting, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void partsHaveExactlyTheirSize() {
    var bytes = Uploads.randomBytes(PART + 10);
    var id = uploads.open(Uploads.sha256(bytes), bytes.length).extract().<String>path("id");
    for (var size : List.of(0, 9, 11)) {
      given()
          .contentType("application/octet-stream")
          .body(new byte[size])
          .put("/v1/uploads/" + id + "/parts/2")
          .then()
          .statusCode(400)
          .body("violations[0].field", equalTo("Content-Length"))
          .body("violations[0].message", containsString("10 bytes"));
    }
    for (var number : List.of("0", "3", "-1", "2147483647")) {
      given()
          .contentType("application/octet-stream")
          .body(new byte[10])
          .put("/v1/uploads/" + id + "/parts/" + number)
          .then()
          .statusCode(400)
          .body("violations[0].field", equalTo("number"));
    }
    given().get("/v1/uploads/" + id + "/parts").then().body("arrived", equalTo(List.of()));
  }

  @Test
  void theLengthOfAPartIsSaidBefore() throws Exception {
    var id = uploads.open(Uploads.sha256(Uploads.randomBytes(10)), 10).extract().<String>path("id");
    var chunked =
        HttpRequest.newBuilder(service.resolve("/v1/uploads/" + id + "/parts/1"))
            .version(HttpClient.Version.HTTP_1_1)
            .PUT(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[10])))
            .build();
    assertThat(Uploads.HTTP.send(chunked, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aPartThatBreaksOffDoesNotArrive() throws Exception {
    var bytes = Uploads.randomBytes(100_000);
    var id = uploads.open(Uploads.sha256(bytes), bytes.length).extract().<String>path("id");
    try (var socket = new Socket(service.getHost(), service.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("PUT /v1/uploads/"
                      + id
                      + "/parts/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
                      + "Content-Type: application/octet-stream\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(Arrays.copyOf(bytes, 60_000));
      socket.getOutputStream().flush();
      Thread.sleep(300);
    }
    given().get("/v1/uploads/" + id + "/parts").then().body("arrived", equalTo(List.of()));
    uploads.put(id, 1, bytes);
    uploads.complete(id).statusCode(202);
    uploads.await(id).body("state", equalTo("verified"));
  }

  @Test
  void anUploadThatIsOverTakesNoParts() {
    var id = uploads.open(Uploads.sha256(Uploads.randomBytes(10)), 10).extract().<String>path("id");
    given().delete("/v1/uploads/" + id).then().statusCode(204);
    given()
        .contentType("application/octet-stream")
        .body(new byte[10])
        .put("/v1/uploads/" + id + "/parts/1")
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/upload-closed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bytes=0-0             | 0    | 1
          bytes=10-19           | 10   | 10
          bytes=9990-           | 9990 | 10
          bytes=-7              | 9993 | 7
          bytes=0-              | 0    | 10000
          bytes=-20000          | 0    | 10000
          bytes=9999-99999      | 9999 | 1
          """)
  void rangesAreStreamed(String range, int offset, int length) {
    var bytes = text();
    var answer =
        here()
            .header("Range", range)
            .header("Accept-Encoding", "gzip")
            .get(address(bytes))
            .then()
            .statusCode(206)
            .header("Content-Length", equalTo(Integer.toString(length)))
            .header(
                "Content-Range",
                equalTo("bytes " + offset + "-" + (offset + length - 1) + "/10000"))
            .header("ETag", equalTo("\"" + Uploads.sha256(bytes) + "\""))
            .header("Accept-Ranges", equalTo("bytes"))
            .extract()
            .asByteArray();
    assertThat(answer).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  @Test
  void whatIsNoSingleRangeIsEverything() {
    var bytes = text();
    for (var range : List.of("bytes=1-2,5-6", "bytes=5-1", "lines=1-2", "bytes=x")) {
      here()
          .header("Range", range)
          .get(address(bytes))
          .then()
          .statusCode(200)
          .header("Content-Range", nullValue())
          .header("Content-Length", equalTo("10000"));
    }
    here()
        .header("Range", "bytes=10000-")
        .get(address(bytes))
        .then()
        .statusCode(416)
        .header("Content-Range", equalTo("bytes */10000"));
    here()
        .header("Range", "bytes=0-1")
        .header("If-Range", "\"other\"")
        .get(address(bytes))
        .then()
        .statusCode(200);
    here()
        .header("Range", "bytes=0-1")
        .header("If-None-Match", "\"" + Uploads.sha256(bytes) + "\"")
        .get(address(bytes))
        .then()
        .statusCode(304);
  }

  /** Length, ranges and digest are those of the bytes: compressing them would falsify all three. */
  @Test
  void bytesAreNeverCompressed() throws Exception {
    var bytes = text();
    for (var method : List.of("GET", "HEAD")) {
      var request =
          HttpRequest.newBuilder(service.resolve(address(bytes)))
              .header("Accept-Encoding", "gzip, deflate, br")
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      var answer = Uploads.HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      var headers = answer.headers();
      assertThat(headers.firstValue("Content-Length")).contains("10000");
      assertThat(headers.allValues("Content-Encoding")).isIn(List.of(), List.of("identity"));
      assertThat(headers.firstValue("Transfer-Encoding")).isEmpty();
      assertThat(headers.firstValue("Content-Type")).contains("text/plain");
      assertThat(headers.firstValue("Repr-Digest"))
          .contains(
              "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.of(bytes).bytes()) + ":");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).contains("sandbox"));
      assertThat(answer.body()).isEqualTo(method.equals("GET") ? bytes : new byte[0]);
    }
  }

  @Test
  void nothingIsDeliveredToo() {
    var none = new byte[0];
    var opened = uploads.open(Uploads.sha256(none), 0);
    if (opened.extract().statusCode() == 201) {
      // Here with the one empty part, elsewhere without.
      uploads.putAll(opened.extract().jsonPath(), none);
      uploads.complete(opened.extract().path("id")).statusCode(202);
      uploads.await(opened.extract().path("id")).body("state", equalTo("verified"));
    }
    here()
        .get(address(none))
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo("0"))
        .header("ETag", allOf(startsWith("\""), containsString(Uploads.sha256(none))));
    here().header("Range", "bytes=0-").get(address(none)).then().statusCode(416);
    here().header("Range", "bytes=-1").get(address(none)).then().statusCode(200);
  }

  /** Many more downloads are dropped half-way than there are connections to the store. */
  @Test
  void aClientThatGoesAwayFreesItsConnection() throws Exception {
    var bytes = Uploads.randomBytes(3 * PART);
    uploads.upload(bytes);
    for (int i = 0; i < 150; i++) {
      try (var socket = new Socket(service.getHost(), service.getPort())) {
        socket
            .getOutputStream()
            .write(
                ("GET " + address(bytes) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
      }
    }
    assertThat(here().get(address(bytes)).then().statusCode(200).extract().asByteArray())
        .isEqualTo(bytes);
  }
}
