package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Downloads where clients are sent to the store. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ArtifactResourceTest {

  private static final byte[] BYTES = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
  private static final Sha256 DIGEST = Sha256.of(BYTES);
  private static final String ETAG = "\"" + DIGEST + "\"";
  private static final String ADDRESS = "/v1/artifacts/sha256:" + DIGEST;

  @BeforeEach
  void upload() {
    if (given().head(ADDRESS).statusCode() == 404) {
      new Uploads().upload(BYTES);
    }
  }

  private static RequestSpecification here() {
    return given().redirects().follow(false);
  }

  private static ValidatableResponse get(String header, String value) {
    return here().header(header, value).get(ADDRESS).then();
  }

  @Test
  void aDownloadIsSentToTheStore() {
    var location =
        here()
            .get(ADDRESS)
            .then()
            .statusCode(307)
            .header("Cache-Control", equalTo("private, max-age=450"))
            .header("ETag", nullValue())
            .extract()
            .header("Location");
    assertThat(location).contains("X-Amz-Signature").contains("X-Amz-Expires=900");
    given()
        .urlEncodingEnabled(false)
        .get(location)
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("application/octet-stream"))
        .header("Content-Disposition", equalTo("attachment; filename=\"" + DIGEST + "\""));
    assertThat(
            given()
                .header("Range", "bytes=5-9")
                .get(ADDRESS)
                .then()
                .statusCode(206)
                .extract()
                .asString())
        .isEqualTo("56789");
  }

  @Test
  void headDescribesTheBytes() {
    here()
        .head(ADDRESS)
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo("1000"))
        .header("ETag", equalTo(ETAG))
        .header("Accept-Ranges", equalTo("bytes"))
        .header("Content-Type", equalTo("application/octet-stream"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Cache-Control", allOf(containsString("immutable"), containsString("max-age=")))
        .header(
            "Repr-Digest",
            equalTo("sha-256=:" + Base64.getEncoder().encodeToString(DIGEST.bytes()) + ":"));
    // A range means nothing to HEAD.
    here()
        .header("Range", "bytes=0-1")
        .head(ADDRESS)
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo("1000"));
  }

  @Test
  void conditionsAreEvaluatedHere() {
    get("If-None-Match", ETAG)
        .statusCode(304)
        .header("ETag", equalTo(ETAG))
        .header("Cache-Control", containsString("immutable"))
        .header("Location", nullValue());
    get("If-None-Match", "W/" + ETAG).statusCode(304);
    get("If-None-Match", "*").statusCode(304);
    get("If-None-Match", "\"other\"").statusCode(307);
    here().header("If-None-Match", ETAG).head(ADDRESS).then().statusCode(304);
    get("If-Match", "\"other\"")
        .statusCode(412)
        .body("type", equalTo("/problems/precondition-failed"));
    get("If-Match", "W/" + ETAG).statusCode(412);
    here().header("If-Match", "\"other\"").head(ADDRESS).then().statusCode(412);
    // If-Match comes before If-None-Match.
    here()
        .header("If-Match", "\"other\"")
        .header("If-None-Match", ETAG)
        .get(ADDRESS)
        .then()
        .statusCode(412);
    // Not evaluated before the resource is known to exist.
    here()
        .header("If-None-Match", "*")
        .get("/v1/artifacts/sha256:" + "0".repeat(64))
        .then()
        .statusCode(404);
  }

  /** The store would compare these conditions with an entity tag of its own, and refuse. */
  @Test
  void conditionsTheStoreWouldMisunderstandAreAnsweredHere() {
    assertThat(get("If-Match", ETAG).statusCode(200).extract().asByteArray()).isEqualTo(BYTES);
    assertThat(
            here()
                .header("Range", "bytes=990-")
                .header("If-Range", ETAG)
                .get(ADDRESS)
                .then()
                .statusCode(206)
                .header("Content-Range", equalTo("bytes 990-999/1000"))
                .header("Content-Length", equalTo("10"))
                .header("ETag", equalTo(ETAG))
                .extract()
                .asString())
        .isEqualTo("0123456789");
    assertThat(
            here()
                .header("Range", "bytes=990-")
                .header("If-Range", "\"other\"")
                .get(ADDRESS)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray())
        .isEqualTo(BYTES);
  }

  @Test
  void rangesThatHoldNothingAreRefusedHere() {
    get("Range", "bytes=1000-")
        .statusCode(416)
        .contentType("application/problem+json")
        .header("Content-Range", equalTo("bytes */1000"))
        .body("type", equalTo("/problems/range-not-satisfiable"));
    get("Range", "bytes=-0").statusCode(416);
    get("Range", "bytes=0-1,5-6").statusCode(307);
    get("Range", "lines=1").statusCode(307);
  }

  @Test
  void whatIsNoDigestIsRefused() {
    given()
        .urlEncodingEnabled(false)
        .get("/v1/artifacts/sha256:" + "A".repeat(64))
        .then()
        .statusCode(400)
        .body("violations[0].field", equalTo("digest"));
    given().get("/v1/artifacts/md5:0").then().statusCode(400);
    given().get("/v1/artifacts/sha256:" + "0".repeat(64)).then().statusCode(404);
    given().head("/v1/artifacts/sha256:" + "0".repeat(64)).then().statusCode(404);
  }
}
