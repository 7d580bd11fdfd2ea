package org.cairn.artifact;

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

  /** So that the threads of an answer seldom wait for one another. */
  private static final int LARGE = 256 << 10;

  private static final int KEPT = 2;
  private static final byte[] NONE = {};

  /** Of all answers together; each has up to five pieces, one of them on its way out. */
  private static final Semaphore LARGE_FLOWS = new Semaphore(8);

  /** More than the buffers of a connection take whose client reads nothing. */
  private static final long PROOF = 8 << 20;

  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ContentBody body;
  private final Connection connection;
  private final InputStream bytes;
  private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

  private byte[] underWay = NONE;

  /** Is used again: what a thousand clients leave behind would make the heap grow. */
  private byte[] free = NONE;

  private boolean large;
  private long withoutWaiting;

  /** To a client. */
  interface Connection {
    /** Sends a piece, which nobody touches until the system has it. */
    CompletableFuture<?> send(byte[] piece);
  }

  ContentFlow(ContentBody body, Connection connection) {
    this.body = body;
    this.connection = connection;
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
    sending = connection.send(piece);
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
