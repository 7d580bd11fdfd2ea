package org.cairn.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and notices when one stops moving. A time limit on a whole transfer would cut off
 * slow lines, and none at all lets a dead connection hang for hours; so what is limited is the time
 * in which no byte moves.
 */
final class Transport implements AutoCloseable {

  static final Duration STALL = Duration.ofSeconds(90);

  /** When a transfer last moved a byte. */
  static final class Movement {
    private volatile long last = System.nanoTime();

    void touch() {
      last = System.nanoTime();
    }

    Duration idle() {
      return Duration.ofNanos(System.nanoTime() - last);
    }
  }

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private final Duration stall;

  Transport(Duration stall) {
    this.stall = stall;
    // HTTP/1.1: an upgrade offer has no place in a presigned request, and one connection for each
    // transfer is what object stores are fast with. Redirects are followed by hand, so that what
    // is meant for the registry is never sent to the store.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(15))
            .executor(executor)
            .build();
  }

  /**
   * Sends {@code request} and gives back the complete answer.
   *
   * @throws IOException where the connection fails or no byte has moved for too long
   */
  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler, Movement movement)
      throws IOException, InterruptedException {
    movement.touch();
    var future = client.sendAsync(request, handler);
    var slice = Math.clamp(stall.toMillis() / 4, 1, 1000);
    try {
      while (true) {
        try {
          return future.get(slice, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (movement.idle().compareTo(stall) > 0) {
            throw new IOException("no byte has moved for " + Sizes.time(movement.idle()), e);
          }
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      future.cancel(true);
    }
  }

  /** What {@code Retry-After} asks for: seconds or a date. */
  static @Nullable Duration retryAfter(HttpResponse<?> response) {
    var header = response.headers().firstValue("Retry-After").map(String::strip).orElse("");
    if (header.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    var sent = date(response.headers().firstValue("Date").orElse(""));
    var until = date(header);
    // Against the server's clock, not this machine's.
    return sent == null || until == null || until.isBefore(sent)
        ? null
        : Duration.between(sent, until);
  }

  private static @Nullable Instant date(String header) {
    try {
      return ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Whether the same request may succeed later. */
  static boolean passing(int status) {
    return status == 408 || status == 425 || status == 429 || (status >= 500 && status != 501);
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
