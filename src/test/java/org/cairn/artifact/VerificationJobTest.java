package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import javax.sql.DataSource;
import org.cairn.job.JobContext;
import org.cairn.job.JobOutcome;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Verification where workers die and the store or the database fails. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class VerificationJobTest {

  @Inject UploadService service;
  @Inject UploadCleaner cleaner;
  @Inject VerificationJob verification;
  @Inject ArtifactService artifacts;
  @Inject ObjectHasher hasher;
  @Inject ArtifactInspector inspector;
  @Inject ObjectStore store;
  @Inject MeterRegistry meters;
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

  /** An upload of these bytes that waits for its job, of which the queue does not know. */
  private UUID verifying(byte[] bytes) throws SQLException {
    var id = uploads.sent(bytes, bytes);
    Uploads.execute(database, "update upload set state = 'verifying' where id = ?", id);
    return id;
  }

  private long left(byte[] bytes) {
    return Uploads.left(store, bytes);
  }

  /** The job, with a store of which some operations fail. */
  private VerificationJob jobWith(ObjectStore faulty) {
    return new VerificationJob(
        service, cleaner, new ObjectHasher(faulty, inspector), faulty, meters);
  }

  /** The worker was killed after it had assembled the object, before it had hashed it. */
  @Test
  void verificationGoesOnAfterACrash() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = verifying(bytes);
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
    var id = verifying(bytes);
    store.abortMultipart(service.facts(id).multipart());
    assertThat(verification.run(new Run(id, false))).isInstanceOf(JobOutcome.Failed.class);
    uploads.await(id.toString()).body("state", equalTo("failed"));
  }

  @Test
  void aPartReplacedAfterCompletionFailsTheUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = verifying(bytes);
    store.putPart(
        service.facts(id).multipart(), 1, new ByteArrayInputStream(bytes, 0, 9_999), 9_999);
    assertThat(verification.run(new Run(id, false))).isInstanceOf(JobOutcome.Failed.class);
    uploads.await(id.toString()).body("state", equalTo("failed"));
    assertThat(left(bytes)).isZero();
  }

  @Test
  void aJobThatIsGivenUpFailsItsUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = verifying(bytes);
    verification.gaveUp(new Run(id, true), "cancelled");
    uploads
        .await(id.toString())
        .body("state", equalTo("failed"))
        .body("failure", equalTo("Not verified: cancelled"));
    assertThat(left(bytes)).isZero();
    assertThat(artifacts.find(Sha256.of(bytes))).isEmpty();
  }

  @Test
  void aStoreThatRefusesTheServiceCostsNoUpload() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = verifying(bytes);
    for (var operation : new String[] {"listParts", "completeMultipart", "open"}) {
      var denying =
          FaultyStore.of(
              store,
              operation,
              (arguments, call) -> {
                throw new ObjectStoreException(Kind.DENIED, "the keys were changed", null);
              });
      assertThat(jobWith(denying).run(new Run(id, false))).isInstanceOf(JobOutcome.Retry.class);
      uploads.await(id.toString(), 0).body("state", equalTo("verifying"));
    }
    assertThat(verification.run(new Run(id, false))).isEqualTo(JobOutcome.SUCCEEDED);
    uploads.await(id.toString()).body("state", equalTo("verified"));
  }

  /** Two runs at a time: one lost its lease and does not know yet. */
  @Test
  void anObjectThatAnotherRunMadeIsHashed() throws Exception {
    for (var kind : new Kind[] {Kind.INVALID, Kind.EXISTS, Kind.NOT_FOUND}) {
      var bytes = Uploads.randomBytes(10_000);
      var id = verifying(bytes);
      var late =
          FaultyStore.of(
              store,
              "completeMultipart",
              (arguments, call) -> {
                call.call();
                throw new ObjectStoreException(kind, "somebody was faster", null);
              });
      assertThat(jobWith(late).run(new Run(id, false))).isEqualTo(JobOutcome.SUCCEEDED);
      uploads.await(id.toString()).body("state", equalTo("verified"));
      assertThat(left(bytes)).isEqualTo(1);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // nothing else of the service is called
  void progressThatCannotBeWrittenStopsNothing() throws Exception {
    var bytes = Uploads.randomBytes(10_000);
    var id = verifying(bytes);
    var slow =
        FaultyStore.of(store, "open", (arguments, call) -> slowly((InputStream) call.call()));
    var away =
        new UploadService(null, null, null, null, null, null, null, null, null) {
          @Override
          UploadFacts facts(UUID upload) {
            return service.facts(upload);
          }

          @Override
          void progress(UUID upload, long bytesVerified) {
            throw new IllegalStateException("the database fails over");
          }

          @Override
          boolean verified(UUID upload) {
            return service.verified(upload);
          }
        };
    var job = new VerificationJob(away, cleaner, new ObjectHasher(slow, inspector), slow, meters);
    assertThat(job.run(new Run(id, false))).isEqualTo(JobOutcome.SUCCEEDED);
    uploads.await(id.toString()).body("state", equalTo("verified"));
  }

  /** Long enough for progress to be written. */
  private static InputStream slowly(InputStream bytes) {
    return new FilterInputStream(bytes) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
          Thread.sleep(1_100);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return super.read(buffer, offset, length);
      }
    };
  }

  @Test
  void hashingStopsWhenItIsCancelled() {
    var key = ObjectKey.of("hashing", UUID.randomUUID().toString());
    store.putIfAbsent(key, Uploads.randomBytes(8 << 20), "text/plain");
    assertThatThrownBy(() -> hasher.hash(key, 8 << 20, done -> {}, () -> true))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void hashingCountsEveryByte() throws IOException, InterruptedException {
    for (int size : new int[] {0, 1, 8 << 10, (1 << 20) - 1, 1 << 20, (5 << 20) + 3}) {
      var bytes = Uploads.randomBytes(size);
      var key = ObjectKey.of("hashing", UUID.randomUUID().toString());
      store.putIfAbsent(key, bytes, "text/plain");
      for (long about : new long[] {0, size, Long.MAX_VALUE}) {
        assertThat(hasher.hash(key, about, done -> {}, () -> false))
            .isEqualTo(new ObjectHasher.Hashed(Sha256.of(bytes), size, Optional.empty()));
      }
    }
  }

  @Test
  @Timeout(20)
  void hashingEndsWithItsReader() {
    var key = ObjectKey.of("hashing", UUID.randomUUID().toString());
    var exhausted =
        FaultyStore.of(
            store,
            "open",
            (arguments, call) -> {
              throw new OutOfMemoryError("for the test");
            });
    assertThatThrownBy(
            () -> new ObjectHasher(exhausted, inspector).hash(key, 1, done -> {}, () -> false))
        .isInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
  }
}
