package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The one HTTP client of all transfers, so that both sides of a comparison have the same. */
final class Http implements AutoCloseable {

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .executor(executor)
          .build();

  HttpClient client() {
    return client;
  }

  /** Sends a body and forgets the answer, which must be a success. */
  void put(URI uri, BodyPublisher body) throws IOException, InterruptedException {
    var response =
        client.send(HttpRequest.newBuilder(uri).PUT(body).build(), BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException("PUT: " + response.statusCode() + " " + response.body());
    }
  }

  /**
   * Reads {@code length} bytes from {@code offset} on and drops them, following a redirect.
   *
   * @param whole whether that is all there is: then the whole is asked for, not a range
   */
  void drain(URI uri, long offset, long length, boolean whole)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri);
    if (!whole) {
      request.header("Range", "bytes=%d-%d".formatted(offset, offset + length - 1));
    }
    var response = client.send(request.build(), info -> new Drain());
    if (response.statusCode() != (whole ? 200 : 206) || response.body() != length) {
      throw new IOException(
          "GET: status %d, %d of %d bytes"
              .formatted(response.statusCode(), response.body(), length));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
