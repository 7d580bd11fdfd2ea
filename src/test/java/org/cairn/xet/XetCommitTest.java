package org.cairn.xet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.xet.Pieces.chunk;
import static org.cairn.xet.Pieces.data;
import static org.cairn.xet.Pieces.hash;
import static org.cairn.xet.Pieces.join;
import static org.cairn.xet.Pieces.shard;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.xet.ChunkHeader.Scheme;
import org.cairn.xet.Pieces.Description;
import org.cairn.xet.Pieces.Stretch;
import org.junit.jupiter.api.Test;

/**
 * A file from the first question of a client to the last: asked, sent in pieces, committed, read.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class XetCommitTest {

  private final long seed = UUID.randomUUID().getMostSignificantBits();

  private static ValidatableResponse commit(String project, byte[] content) {
    var lines =
        """
        {"key":"header","value":{"summary":"s","description":""}}
        {"key":"lfsFile","value":{"path":"model.bin","algo":"sha256","oid":"%s","size":%d}}
        """
            .formatted(Sha256.of(content), content.length);
    return given()
        .contentType("application/x-ndjson")
        .body(lines.getBytes(StandardCharsets.UTF_8))
        .post("/api/models/" + project + "/run/commit/step1000")
        .then();
  }

  @Test
  void whatCameInPiecesIsCommittedUnderItsDigest() throws Exception {
    var project = Given.project();
    Given.run(project, "run", "");
    var a = data(70_000, seed);
    var b = data(131_072, seed + 1);
    var content = join(b, a, b);
    commit(project, content).statusCode(400).body("error", containsString("No bytes with sha256"));
    var write =
        given()
            .get("/api/models/" + project + "/run/xet-write-token/step1000")
            .then()
            .statusCode(200)
            .extract();
    String address = write.path("casUrl");
    String token = write.path("accessToken");
    send(
        token,
        address + "/v1/xorbs/default/" + hash(1),
        join(chunk(a, Scheme.LZ4), chunk(b, Scheme.NONE)));
    send(
        token,
        address + "/v1/shards",
        shard(
            new Description(
                Sha256.of(content),
                List.of(
                    new Stretch(hash(1), 1, 2, b.length),
                    new Stretch(hash(1), 0, 2, a.length + b.length)))));
    commit(project, content).statusCode(200).body("success", equalTo(true));
    var file = "/" + project + "/run/resolve/step1000/model.bin";
    assertThat(Given.download(file).body()).isEqualTo(content);
    assertThat(Given.download(file).headers().map().keySet())
        .noneMatch(name -> name.startsWith("x-xet"));
    given()
        .get("/v1/projects/" + project + "/runs/run/checkpoints/step1000")
        .then()
        .body("files[0].sha256", equalTo(Sha256.of(content).hex()));
  }

  private static void send(String token, String address, byte[] body) {
    given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/octet-stream")
        .body(body)
        .post(URI.create(address).getPath())
        .then()
        .statusCode(200);
  }
}
