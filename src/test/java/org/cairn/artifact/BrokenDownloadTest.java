package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store breaks off in the middle of a download that goes through the service. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(ProxiedTransferTest.Proxied.class)
class BrokenDownloadTest {

  @Inject ArtifactService artifacts;
  @Inject ObjectStore store;
  @Inject TransferConfig config;

  @SuppressWarnings("NullAway.Init")
  @TestHTTPResource
  URI service;

  @Test
  @Timeout(20)
  void theClientIsTold() {
    var bytes = Uploads.randomBytes(1_000_000);
    new Uploads().upload(bytes);
    var breaking =
        FaultyStore.of(
            store,
            "open",
            (arguments, call) ->
                new SequenceInputStream(
                    new ByteArrayInputStream(bytes, 0, 900_000), new BrokenStream()));
    QuarkusMock.installMockForType(
        new ArtifactDelivery(artifacts, breaking, config, Clock.systemUTC()),
        ArtifactDelivery.class);
    var request =
        HttpRequest.newBuilder(service.resolve("/v1/artifacts/sha256:" + Uploads.sha256(bytes)))
            .build();
    assertThatThrownBy(() -> Uploads.HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray()))
        .isInstanceOf(IOException.class);
  }

  private static final class BrokenStream extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the store went away");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return read();
    }
  }
}
