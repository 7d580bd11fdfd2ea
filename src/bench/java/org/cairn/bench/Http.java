package org.cairn.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The HTTP clients of all transfers: both sides of a comparison have the same. */
final class Http implements AutoCloseable {

  private static final int BUFFER = 128 << 10;

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
   * Reads {@code length} bytes from {@code offset} on and drops them, following a redirect. By the
   * plainest client of the JDK, which needs a quarter of the processor time of the other one: what
   * is measured is the other end.
   *
   * @param whole whether that is all there is: then the whole is asked for, not a range
   */
  static void drain(URI uri, long offset, long length, boolean whole) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    if (!whole) {
      connection.setRequestProperty("Range", "bytes=%d-%d".formatted(offset, offset + length - 1));
    }
    long received = 0;
    int status = connection.getResponseCode();
    try (var body = connection.getInputStream()) {
      var bytes = new byte[BUFFER];
      for (int n; (n = body.read(bytes)) >= 0; ) {
        received += n;
      }
    }
    if (status != (whole ? 200 : 206) || received != length) {
      throw new IOException("GET: status %d, %d of %d bytes".formatted(status, received, length));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
