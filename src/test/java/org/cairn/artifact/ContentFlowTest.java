package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.cairn.api.BrokenAnswerException;
import org.cairn.api.ClientGoneException;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent when, and how much of it waits. */
@Timeout(30)
class ContentFlowTest {

  private static final int SMALL = 8 << 10;
  private static final int LARGE = 256 << 10;

  @Test
  void ofAClientWhoTakesNothingThreePiecesAndTheOneUnderWayAreHeld() throws Exception {
    var bytes = new ByteArrayInputStream(new byte[1 << 20]);
    var taken = new CompletableFuture<Void>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                send(bytes, null, piece -> taken);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.join(500);
    assertThat((1 << 20) - bytes.available()).isEqualTo(4 * SMALL);
    taken.complete(null);
    thread.join();
    assertThat(bytes.available()).isZero();
  }

  @Test
  void everyByteIsSentOnceAndInOrder() throws Exception {
    for (int size : List.of(1, SMALL, 2 * SMALL, 3 * SMALL + 1, 20 << 20)) {
      var bytes = Uploads.randomBytes(size);
      var sent = new ByteArrayOutputStream();
      send(
          new ByteArrayInputStream(bytes),
          Sha256.of(bytes),
          piece -> {
            sent.writeBytes(piece);
            return CompletableFuture.completedFuture(null);
          });
      assertThat(sent.toByteArray()).isEqualTo(bytes);
    }
  }

  /** More of them one after another than may be at a time. */
  @Test
  void whoIsFastGetsLargePieces() throws Exception {
    for (int client = 0; client < 40; client++) {
      var sizes = new ArrayList<Integer>();
      send(
          new ByteArrayInputStream(new byte[10 << 20]),
          null,
          piece -> {
            sizes.add(piece.length);
            return CompletableFuture.completedFuture(null);
          });
      assertThat(sizes.getFirst()).isEqualTo(SMALL);
      assertThat(sizes).contains(LARGE);
    }
  }

  @Test
  void wrongBytesAreShortBytes() {
    var bytes = Uploads.randomBytes(100_000);
    var sent = new ByteArrayOutputStream();
    assertThatThrownBy(() ->
            send(
                new ByteArrayInputStream(bytes),
                Sha256.of(new byte[1]),
                piece -> {
                  sent.writeBytes(piece);
                  return CompletableFuture.completedFuture(null);
                }))
        .isInstanceOf(BrokenAnswerException.class);
    assertThat(sent.size()).isPositive().isLessThan(bytes.length - SMALL);
  }

  @Test
  void whoGoesAwayIsNotSentMore() {
    var bytes = new ByteArrayInputStream(new byte[1 << 20]);
    assertThatThrownBy(() ->
            send(bytes, null, piece -> CompletableFuture.failedFuture(new IOException("closed"))))
        .isInstanceOf(ClientGoneException.class);
    assertThat(bytes.available()).isPositive();
  }

  private static void send(
      ByteArrayInputStream bytes, @Nullable Sha256 digest, ContentFlow.Connection client)
      throws IOException {
    var body = new ContentBody(bytes, bytes.available(), digest);
    try (var flow = new ContentFlow(body, client)) {
      flow.run();
    }
  }
}
