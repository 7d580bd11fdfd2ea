package org.cairn.artifact;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Pieces of an answer on their way to the client, each written by the thread that owns the
 * connection: another one would wait for it at each write, and it for the other.
 */
final class ClientConnection implements ContentFlow.Connection, AutoCloseable {

  /** As much as the server's allocator keeps in its pool. */
  private static final int AT_ONCE = 64 << 10;

  private final HttpServerResponse response;
  private final Context owner;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /**
   * @param owner of the connection
   */
  ClientConnection(HttpServerResponse response, Context owner) {
    this.response = response;
    this.owner = owner;
  }

  @Override
  public CompletableFuture<?> send(byte[] piece) {
    var sent = new CompletableFuture<Void>();
    owner.runOnContext(_ -> {
      try {
        write(piece)
            .onComplete(done -> {
              if (done.succeeded()) {
                sent.complete(null);
              } else {
                sent.completeExceptionally(done.cause());
              }
            });
      } catch (RuntimeException e) {
        sent.completeExceptionally(e);
      }
    });
    last = sent;
    return sent;
  }

  /** Answers when the last of it is with the system. */
  @SuppressWarnings("deprecation") // There is no other way to a buffer that need not be copied.
  private Future<Void> write(byte[] piece) {
    var written = Future.<Void>succeededFuture();
    for (int from = 0; from < piece.length; from += AT_ONCE) {
      // As it is: a buffer of the server's own would be a copy. Nobody touches it until it is sent.
      var part = Unpooled.wrappedBuffer(piece, from, Math.min(AT_ONCE, piece.length - from));
      written = response.write(Buffer.buffer(part));
    }
    return written;
  }

  /**
   * Waits until all that was to be written is at least begun: whoever tells of a failure after this
   * has to know whether the answer was.
   */
  @Override
  public void close() {
    if (!last.isDone()) {
      var passed = new CompletableFuture<Void>();
      owner.runOnContext(_ -> passed.complete(null));
      passed.join();
    }
  }
}
