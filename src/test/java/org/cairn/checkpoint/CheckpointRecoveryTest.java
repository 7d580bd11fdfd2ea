package org.cairn.checkpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cairn.artifact.BucketFolder.Standing;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of several manifests of one checkpoint the last sealing stands. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class CheckpointRecoveryTest {

  @Inject CheckpointRecovery recovery;
  @Inject ManifestFolder manifests;
  @Inject ObjectStore store;
  @Inject ObjectMapper json;
  @Inject UserTransaction transaction;

  /** A sealing that failed left the other manifest, before or after that of the catalogue. */
  @ParameterizedTest
  @ValueSource(longs = {-60, 60})
  void theLastStandsAndTheOtherIsGivenUp(long seconds) throws Exception {
    var run = Given.run("");
    var sha256 = Given.artifact("content of " + run);
    Given.post(
            run + "/checkpoints",
            "{\"step\":1,\"files\":[{\"path\":\"f\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(sha256, ("content of " + run).length()))
        .statusCode(201);
    String sealed =
        given()
            .post(run + "/checkpoints/step1/seal")
            .then()
            .statusCode(200)
            .extract()
            .path("manifestDigest");
    var names = run.substring("/v1/projects/".length()).split("/runs/", 2);
    var key = ManifestFolder.key(names[0], names[1], sealed);
    var other = sealedLater(key, seconds);
    var otherKey = ManifestFolder.key(names[0], names[1], Sha256.of(other).hex());
    store.putIfAbsent(otherKey, other, "application/json");

    var lost = new ArrayList<String>();
    recovery.insert(List.of(otherKey, key), (what, reason) -> lost.add(what + ": " + reason));

    assertThat(lost).isEmpty();
    var stands = seconds > 0 ? otherKey : key;
    var givenUp = seconds > 0 ? key : otherKey;
    transaction.begin();
    try {
      assertThat(manifests.standings(List.of(key, otherKey)))
          .containsEntry(stands, Standing.KNOWN)
          .containsEntry(givenUp, Standing.ABANDONED);
    } finally {
      transaction.rollback();
    }
  }

  private byte[] sealedLater(ObjectKey key, long seconds) throws IOException {
    try (var stream = store.open(key)) {
      var manifest = json.readTree(stream.readAllBytes());
      var checkpoint = (ObjectNode) manifest.path("checkpoint");
      var at = Instant.parse(checkpoint.path("sealedAt").asText());
      return CanonicalJson.bytes(
          ((ObjectNode) manifest)
              .set("checkpoint", checkpoint.put("sealedAt", at.plusSeconds(seconds).toString())));
    }
  }
}
