package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class UploadResourceTest {

  private final Uploads uploads = new Uploads();

  @Test
  void bytesCanBeReadOnceTheyAreVerified() {
    var bytes = Uploads.randomBytes(100_000);
    var id = uploads.upload(bytes);
    assertThat(id).isNotNull();
    var back =
        given()
            .get("/v1/artifacts/sha256:" + Uploads.sha256(bytes))
            .then()
            .statusCode(200)
            .extract();
    assertThat(back.asByteArray()).isEqualTo(bytes);
    given()
        .head("/v1/artifacts/sha256:" + Uploads.sha256(bytes))
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo("100000"));
  }
}
