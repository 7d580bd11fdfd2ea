package org.cairn.cli;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer to the end of a partial file and hashes it on the way. What was written before a
 * connection breaks stays counted and hashed, so the next request asks for the rest only.
 */
final class FileSink implements BodySubscriber<byte[]> {

  private final FileChannel channel;
  private final Partial partial;
  private final long limit;
  private final LongConsumer received;
  private final CompletableFuture<byte[]> done = new CompletableFuture<>();
  private volatile boolean cancelled;
  private @Nullable Subscription subscription;

  /**
   * @param limit how large the file is to be: a server that sends more is cut off
   */
  FileSink(FileChannel channel, Partial partial, long limit, LongConsumer received) {
    this.channel = channel;
    this.partial = partial;
    this.limit = limit;
    this.received = received;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (cancelled) {
      return;
    }
    try {
      for (var buffer : buffers) {
        int n = buffer.remaining();
        if (partial.length() + n > limit) {
          throw new IOException("the server sends more than the " + limit + " bytes of the file");
        }
        partial.append(channel, buffer);
        received.accept(n);
      }
      if (subscription != null) {
        subscription.request(1);
      }
    } catch (IOException e) {
      cancelled = true;
      if (subscription != null) {
        subscription.cancel();
      }
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(new byte[0]);
  }
}
