package org.cairn.storage.s3;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import org.cairn.storage.ByteRange;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects, from addresses that it signs itself, with the plain client of the JDK: that one
 * reads from the socket into the caller's buffer. OkHttp passes everything through segments of 8
 * KiB, each with a system call and a lock of its own, which costs two to three times the processor
 * time and made verification wait for reading instead of for hashing.
 */
final class S3Reads {

  private static final String KEPT = "http.maxConnections";

  private static final int TRIES = 3;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final int SIGNATURE_MINUTES = 15;

  private final S3Clients clients;
  private final int connectTimeout;
  private final int readTimeout;

  S3Reads(S3Clients clients) {
    this.clients = clients;
    this.connectTimeout = clients.plain().connectTimeoutMillis();
    this.readTimeout = clients.plain().readTimeoutMillis();
  }

  /**
   * The JDK's client keeps five idle connections to a server, and looks here once, when it keeps
   * the first: reads that are more at a time would open new ones again and again. An operator's own
   * choice stands.
   */
  static void keepConnections(int connections) {
    if (System.getProperty(KEPT) == null) {
      System.setProperty(KEPT, String.valueOf(connections));
    }
  }

  InputStream open(ObjectKey key, @Nullable ByteRange range) {
    var what = "open " + key;
    var address = URI.create(S3Calls.run(what, () -> sign(key)));
    try {
      for (int attempt = 1; ; attempt++) {
        var connection = connect(address, range);
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_PARTIAL
            || (status == HttpURLConnection.HTTP_OK && range == null)) {
          return new Body(connection);
        }
        if (status == HttpURLConnection.HTTP_OK) {
          connection.disconnect();
          throw new ObjectStoreException(
              ObjectStoreException.Kind.INVALID, what + ": got all of it instead of a range", null);
        }
        var refused = refused(what, status, connection);
        if (attempt == TRIES || (status < 500 && status != 429)) {
          throw refused;
        }
        Thread.sleep(FIRST_PAUSE_MILLIS << attempt);
      }
    } catch (IOException e) {
      throw S3Calls.fault(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          ObjectStoreException.Kind.UNAVAILABLE, what + ": interrupted", e);
    }
  }

  private String sign(ObjectKey key) throws io.minio.errors.MinioException {
    return clients
        .service()
        .getPresignedObjectUrl(
            GetPresignedObjectUrlArgs.builder()
                .method(Http.Method.GET)
                .bucket(clients.bucket())
                .object(key.value())
                .expiry(SIGNATURE_MINUTES, TimeUnit.MINUTES)
                .build());
  }

  private HttpURLConnection connect(URI address, @Nullable ByteRange range) throws IOException {
    var connection = (HttpURLConnection) address.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secured) {
      // Trusts whom the other requests trust.
      secured.setSSLSocketFactory(clients.plain().sslSocketFactory());
    }
    connection.setConnectTimeout(connectTimeout);
    connection.setReadTimeout(readTimeout);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "*/*");
    if (range != null) {
      connection.setRequestProperty("Range", "bytes=" + range.offset() + "-" + range.last());
    }
    return connection;
  }

  private static ObjectStoreException refused(String what, int status, HttpURLConnection connection)
      throws IOException {
    try (var error = connection.getErrorStream()) {
      return S3Listings.refused(
          what, status, error == null ? InputStream.nullInputStream() : error);
    }
  }

  /** The client takes a connection that breaks for the end: this one counts. */
  private static final class Body extends InputStream {
    private final HttpURLConnection connection;
    private final InputStream bytes;
    private long left;

    Body(HttpURLConnection connection) throws IOException {
      this.connection = connection;
      this.bytes = connection.getInputStream();
      // Chunks, which no store sends for an object, have an end of their own.
      var length = connection.getContentLengthLong();
      this.left = length < 0 ? Long.MAX_VALUE : length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = bytes.read(buffer, offset, length);
      if (read > 0) {
        left -= read;
      } else if (read < 0) {
        if (left > 0 && connection.getContentLengthLong() >= 0) {
          throw new EOFException(left + " bytes before the end of the object");
        }
        left = 0;
      }
      return read;
    }

    /** Keeps the connection for the next object unless there is still something on it. */
    @Override
    public void close() throws IOException {
      if (left > 0) {
        connection.disconnect();
      } else {
        bytes.close();
      }
    }
  }
}
