package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What whoever sends can rely on. */
@Timeout(30)
class ClientConnectionTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /**
   * Else a refusal would follow on the beginning of an answer, and the client wait for the rest.
   */
  @Test
  void closedIsBegun() throws Exception {
    var written = new ByteArrayOutputStream();
    var piece = Uploads.randomBytes(300_000);
    var free = new CountDownLatch(1);
    var owner = vertx.getOrCreateContext();
    owner.runOnContext(_ -> awaitQuietly(free));
    var connection =
        new ClientConnection(
            response(buffer -> {
              written.writeBytes(buffer.getBytes());
              return Future.future(_ -> {}); // a client who takes nothing
            }),
            owner);
    var _ = connection.send(piece);
    var closed = Thread.ofVirtual().start(connection::close);
    assertThat(closed.join(Duration.ofMillis(300))).isFalse();
    free.countDown();
    closed.join();
    assertThat(written.toByteArray()).isEqualTo(piece);
  }

  @Test
  void whatCannotBeWrittenFails() {
    var connection =
        new ClientConnection(
            response(buffer -> {
              throw new IllegalStateException("Response is closed");
            }),
            vertx.getOrCreateContext());
    assertThat(connection.send(new byte[1]))
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .withMessage("Response is closed");
    var gone =
        new ClientConnection(
            response(buffer -> Future.failedFuture(new IOException("closed"))),
            vertx.getOrCreateContext());
    assertThat(gone.send(new byte[1])).failsWithin(10, TimeUnit.SECONDS);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpServerResponse response(Function<Buffer, Future<Void>> client) {
    return (HttpServerResponse)
        Proxy.newProxyInstance(
            ClientConnectionTest.class.getClassLoader(),
            new Class<?>[] {HttpServerResponse.class},
            (proxy, method, arguments) -> client.apply((Buffer) arguments[0]));
  }
}
