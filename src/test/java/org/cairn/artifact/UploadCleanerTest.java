package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** What is left of uploads whose client or replica died. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class UploadCleanerTest {

  @Inject UploadService service;
  @Inject UploadCleaner cleaner;
  @Inject UploadExpiryJob expiry;
  @Inject ObjectStore store;
  @Inject UploadConfig config;
  @Inject Clock clock;
  @Inject DataSource database;

  private final Uploads uploads = new Uploads();

  private UUID sent(byte[] bytes) {
    return uploads.sent(bytes, bytes);
  }

  private void sql(String statement, UUID id) throws SQLException {
    Uploads.execute(database, statement, id);
  }

  private long left(byte[] bytes) {
    return Uploads.left(store, bytes);
  }

  @Test
  void uploadsExpire() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var id = sent(bytes);
    var alive = Uploads.randomBytes(100);
    var other = sent(alive);
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
    var id = sent(bytes);
    sql("update upload set expires_at = now() + interval '1 minute' where id = ?", id);
    uploads.sign(id.toString(), List.of(1));
    assertThat(service.facts(id).expiresAt())
        .isAfter(clock.instant().plus(config.expiry()).minus(Duration.ofHours(2)));
    given().delete("/v1/uploads/" + id).then().statusCode(204);
  }

  @Test
  void whatAKilledReplicaLeftIsSwept() throws Exception {
    var bytes = Uploads.randomBytes(100);
    var id = sent(bytes);
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
  void whatCannotBeSweptHoldsNothingUp() throws Exception {
    var stuck = Uploads.randomBytes(100);
    var other = Uploads.randomBytes(100);
    var stuckId = sent(stuck);
    var otherId = sent(other);
    var failed =
        "update upload set state = 'failed', garbage = true,"
            + " updated_at = now() - interval '%d minutes' where id = ?";
    sql(failed.formatted(3), stuckId);
    sql(failed.formatted(2), otherId);
    var refusing =
        FaultyStore.of(
            store,
            "abortMultipart",
            (arguments, call) -> {
              if (arguments[0].equals(service.facts(stuckId).multipart())) {
                throw new ObjectStoreException(Kind.INVALID, "never seen such an upload", null);
              }
              return call.call();
            });
    var sweeper = new UploadCleaner(service, refusing, config, clock);
    sweeper.sweep();
    sweeper.sweep();
    assertThat(left(other)).isZero();
    assertThat(service.isGarbage(stuckId)).isTrue();
    assertThat(cleaner.discard(service.facts(stuckId))).isTrue();
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
    var open = sent(bytes);
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

  @Test
  void anArtifactIsNeverDiscarded() {
    var bytes = Uploads.randomBytes(10_000);
    var id = UUID.fromString(uploads.upload(bytes));
    assertThat(cleaner.discard(service.facts(id))).isTrue();
    assertThat(left(bytes)).isEqualTo(1);
  }
}
