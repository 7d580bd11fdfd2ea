package org.cairn.artifact;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.cairn.api.BrokenAnswerException;
import org.cairn.api.ClientGoneException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectStoreException;

/**
 * Bytes on their way from the store to a client: one piece goes out while the next is read, and two
 * are kept back.
 *
 * <p>Kept back are the last bytes, of a whole until its digest agrees: whoever counts what arrived
 * has not got other bytes than were verified.
 *
 * <p>Large pieces cost less time, and are for a few clients at a time, as long as they are fast.
 * All others get small ones, so that a thousand of them take tens of megabytes.
 */
final class ContentFlow implements AutoCloseable {

  private static final int SMALL = 8 << 10;

  /** As much as the server's allocator keeps in its pool. */
  private static final int LARGE = 64 << 10;

  private static final int KEPT = 2;
  private static final byte[] NONE = {};

  /** Of all answers together; each has up to five pieces, one of them on its way out. */
  private static final Semaphore LARGE_FLOWS = new Semaphore(32);

  /** More than the buffers of a connection take whose client reads nothing. */
  private static final long PROOF = 8 << 20;

  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ContentBody body;
  private final HttpServerResponse response;
  private final InputStream bytes;
  private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

  private byte[] underWay = NONE;

  /** Is used again: what a thousand clients leave behind would make the heap grow. */
  private byte[] free = NONE;

  private boolean large;
  private long withoutWaiting;

  ContentFlow(ContentBody body, HttpServerResponse response) {
    this.body = body;
    this.response = response;
    this.bytes = body.bytes();
  }

  void run() throws IOException {
    var digest = body.digest() == null ? null : Sha256.newDigest();
    for (var piece = read(); piece.length > 0; piece = read()) {
      if (digest != null) {
        digest.update(piece);
      }
      if (kept.size() == KEPT) {
        send(kept.remove());
      }
      kept.add(piece);
    }
    if (digest != null) {
      require(digest);
    }
    while (!kept.isEmpty()) {
      send(kept.remove());
    }
    sent();
  }

  private void require(MessageDigest digest) throws BrokenAnswerException {
    if (!Sha256.of(digest).equals(body.digest())) {
      throw new BrokenAnswerException(
          "The store gave other bytes than those of " + body.digest(), null);
    }
  }

  private byte[] read() throws IOException {
    int size = large ? LARGE : SMALL;
    var piece = free.length == size ? free : new byte[size];
    free = NONE;
    try {
      int length = bytes.readNBytes(piece, 0, size);
      return length == size ? piece : Arrays.copyOf(piece, length);
    } catch (IOException | ObjectStoreException e) {
      throw new BrokenAnswerException("The store broke off", e);
    }
  }

  @SuppressWarnings("deprecation") // There is no other way to a buffer that need not be copied.
  private void send(byte[] piece) {
    var begun = System.nanoTime();
    sent();
    if (System.nanoTime() - begun > SLOW_NANOS) {
      withoutWaiting = 0;
      release();
    } else {
      withoutWaiting += piece.length;
      large = large || (withoutWaiting > PROOF && LARGE_FLOWS.tryAcquire());
    }
    // As it is: a buffer of the server's own would be a copy. Nobody touches it until it is sent.
    var buffer = Buffer.buffer(Unpooled.wrappedBuffer(piece));
    sending = response.write(buffer).toCompletionStage().toCompletableFuture();
    free = underWay;
    underWay = piece;
  }

  /** Waits until the system has the piece that was sent last. */
  private void sent() {
    try {
      sending.get();
    } catch (ExecutionException e) {
      throw new ClientGoneException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException(e);
    }
  }

  /** Also when the client has gone away: the connection to the store is not kept for nobody. */
  @Override
  public void close() throws IOException {
    release();
    bytes.close();
  }

  /** Goes on with small pieces. */
  private void release() {
    if (large) {
      large = false;
      LARGE_FLOWS.release();
    }
  }
}
