package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.cairn.job.JobContext;
import org.cairn.job.JobOutcome;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** What happens to uploads whose client, worker or replica died. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class UploadCleanerTest {

  @Inject UploadService service;
  @Inject UploadCleaner cleaner;
  @Inject UploadExpiryJob expiry;
  @Inject VerificationJob verification;
  @Inject ArtifactService artifacts;
  @Inject ObjectHasher hasher;
  @Inject ObjectStore store;
  @Inject UploadConfig config;
  @Inject Clock clock;
  @Inject DataSource database;

  private final Uploads uploads = new Uploads();

  /** A run of the job outside of the queue. */
  private record Run(UUID upload, boolean cancelRequested) implements JobContext {
    @Override
    public UUID id() {
      return upload;
    }

    @Override
    public String subject() {
      return "test";
    }

    @Override
    public JsonNode payload() {
      return JsonNodeFactory.instance.objectNode().put("upload", upload.toString());
    }

    @Override
    public void progress(long done, long total) {
      assertThat(done).isBetween(0L, total);
    }
  }

  private void sql(String statement, UUID id) throws SQLException {
    try (var connection = database.getConnection();
        var prepared = connection.prepareStatement(statement)) {
      prepared.setObject(1, id);
      assertThat(prepared.executeUpdate()).isEqualTo(1);
    }
  }

  private UUID sent(byte[] announced, byte[] sent) {
    var opened = uploads.open(Uploads.sha256(announced), announced.length).extract().jsonPath();
    uploads.putAll(opened, sent);
    return UUID.fromString(opened.getString("id"));
  }

  private long left(byte[] bytes) {
    var hex = Uploads.sha256(bytes);
    var folder = ObjectKey.of("artifacts", hex.substring(0, 2), hex);
    return store.list(folder).count() + store.listMultiparts(folder).count();
  }

  @Test
  void uploadsExpire() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var id = sent(bytes, bytes);
    var alive = Uploads.randomBytes(100);
    var other = sent(alive, alive);
    sql("update upload set expires_at = now() - interval '1 second' where id = ?", id);
    assertThat(expiry.runOnce()).isPositive();
    uploads
        .await(id.toString())
        .body("state", equalTo("aborted"))
        .body("failure", startsWith("Expired"));
    assertThat(left(bytes)).isZero();
    uploads.await(other.toString()).body("state", equalTo("open"));
    assertThat(left(alive)).isEqualTo(1);
    given().delete("/v1/uploads/" + other).then().statusCode(204);
  }

  @Test
  void askingForAddressesKeepsAnUploadAlive() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var id = sent(bytes, bytes);
    sql("update upload set expires_at = now() + interval '1 minute' where id = ?", id);
    uploads.sign(id.toString(), List.of(1));
    assertThat(service.facts(id).expiresAt())
        .isAfter(clock.instant().plus(config.expiry()).minus(Duration.ofHours(2)));
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void whatAKilledReplicaLeftIsSwept() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var id = sent(bytes, bytes);
    sql(
        "update upload set state = 'failed', garbage = true,"
            + " updated_at = now() - interval '2 minutes' where id = ?",
        id);
    assertThat(left(bytes)).isEqualTo(1);
    assertThat(cleaner.sweep()).isPositive();
    assertThat(left(bytes)).isZero();
    assertThat(service.isGarbage(id)).isFalse();
  }

  @Test
  void uploadsThatNoRowKnowsAreAborted() {
    var bytes = Uploads.randomBytes(100);
    var hex = Uploads.sha256(bytes);
    var orphan =
        store.startMultipart(
            ObjectKey.of("artifacts", hex.substring(0, 2), hex, UUID.randomUUID().toString()),
            "text/plain");
    var foreign =
        store.startMultipart(
            ObjectKey.of("artifacts", hex.substring(0, 2), hex, "foreign"), "text/plain");
    var open = sent(bytes, bytes);
    assertThat(left(bytes)).isEqualTo(3);
    assertThat(cleaner.abortOrphans()).isZero(); // it may have been started just now
    var later = Clock.offset(clock, config.expiry().plusDays(2));
    assertThat(new UploadCleaner(service, store, config, later).abortOrphans()).isPositive();
    assertThat(store.listMultiparts(ObjectKey.of("artifacts", hex.substring(0, 2), hex)))
        .extracting(stale -> stale.upload())
        .hasSize(2)
        .contains(foreign)
        .doesNotContain(orphan);
    store.abortMultipart(foreign);
    given().delete("/v1/uploads/" + open).then().statusCode(204);
    assertThat(left(bytes)).isZero();
  }

  /** The worker was killed after it had assembled the object, before it had hashed it. */
  @Test
  void verificationGoesOnAfterACrash() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = sent(bytes, bytes);
    sql("update upload set state = 'verifying' where id = ?", id);
    var multipart = service.facts(id).multipart();
    store.completeMultipart(multipart, store.listParts(multipart));
    assertThat(verification.run(new Run(id, false))).isEqualTo(JobOutcome.SUCCEEDED);
    uploads.await(id.toString()).body("state", equalTo("verified"));
    assertThat(artifacts.find(Sha256.of(bytes))).isPresent();
    // And once more, after the database knew and the queue did not.
    assertThat(verification.run(new Run(id, false))).isEqualTo(JobOutcome.SUCCEEDED);
    verification.gaveUp(new Run(id, false), "too late");
    uploads.await(id.toString()).body("state", equalTo("verified"));
    assertThat(left(bytes)).isEqualTo(1);
  }

  @Test
  void lostPartsFailTheUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = sent(bytes, bytes);
    sql("update upload set state = 'verifying' where id = ?", id);
    store.abortMultipart(service.facts(id).multipart());
    assertThat(verification.run(new Run(id, false))).isInstanceOf(JobOutcome.Failed.class);
    uploads.await(id.toString()).body("state", equalTo("failed"));
  }

  @Test
  void aPartReplacedAfterCompletionFailsTheUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = sent(bytes, bytes);
    sql("update upload set state = 'verifying' where id = ?", id);
    store.putPart(
        service.facts(id).multipart(), 1, new ByteArrayInputStream(bytes, 0, 9_999), 9_999);
    assertThat(verification.run(new Run(id, false))).isInstanceOf(JobOutcome.Failed.class);
    uploads.await(id.toString()).body("state", equalTo("failed"));
    assertThat(left(bytes)).isZero();
  }

  @Test
  void aJobThatIsGivenUpFailsItsUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = sent(bytes, bytes);
    sql("update upload set state = 'verifying' where id = ?", id);
    verification.gaveUp(new Run(id, true), "cancelled");
    uploads
        .await(id.toString())
        .body("state", equalTo("failed"))
        .body("failure", equalTo("Not verified: cancelled"));
    assertThat(left(bytes)).isZero();
    assertThat(artifacts.find(Sha256.of(bytes))).isEmpty();
  }

  @Test
  void anArtifactIsNeverDiscarded() {
    var bytes = Uploads.randomBytes(10_000);
    var id = UUID.fromString(uploads.upload(bytes));
    assertThat(cleaner.discard(service.facts(id))).isTrue();
    assertThat(left(bytes)).isEqualTo(1);
  }

  @Test
  void hashingStopsWhenItIsCancelled() {
    var key = ObjectKey.of("hashing", UUID.randomUUID().toString());
    store.put(key, Uploads.randomBytes(8 << 20), "text/plain");
    Assertions.assertThatThrownBy(() -> hasher.hash(key, 8 << 20, done -> {}, () -> true))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void hashingCountsEveryByte() throws IOException, InterruptedException {
    for (int size : new int[] {0, 1, 8 << 10, (1 << 20) - 1, 1 << 20, (5 << 20) + 3}) {
      var bytes = Uploads.randomBytes(size);
      var key = ObjectKey.of("hashing", UUID.randomUUID().toString());
      store.put(key, bytes, "text/plain");
      for (long about : new long[] {0, size, Long.MAX_VALUE}) {
        assertThat(hasher.hash(key, about, done -> {}, () -> false))
            .isEqualTo(new ObjectHasher.Hashed(Sha256.of(bytes), size));
      }
    }
  }
}
