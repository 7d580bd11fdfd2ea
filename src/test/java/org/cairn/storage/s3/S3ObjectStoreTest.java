package org.cairn.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairn.storage.ByteRange;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.HttpFault;
import org.cairn.testsupport.HttpFaultProxy;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ObjectStoreTest extends S3StoreContract {

  @TempDir static Path folder;
  private static S3Proxy server;

  @BeforeAll
  static void start() throws Exception {
    server = S3Resource.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Override
  TestBucket bucket() {
    return TestBucket.at(S3Resource.endpoint(server), S3Resource.ACCESS_KEY, S3Resource.SECRET_KEY);
  }

  /** S3Proxy keeps such a part for nobody. */
  @Override
  protected boolean refusesLateParts() {
    return false;
  }

  /** What calls itself XML and is none comes from somebody before the store. */
  @Test
  void anAnswerThatDoesNotParseIsAnOutage() throws Exception {
    try (var proxy = new HttpFaultProxy(server.getPort())) {
      proxy.fail(line -> HttpFault.answer(503, "<html>away"));
      var store =
          TestBucket.at(proxy.endpoint(), S3Resource.ACCESS_KEY, S3Resource.SECRET_KEY).open();
      assertThatThrownBy(() -> store.startMultipart(new ObjectKey("a"), "text/plain"))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
  }

  /** By a property of the JVM, of which the JDK's client looks at the first value only. */
  @Test
  void keepsAsManyConnectionsForReadingAsAreConfigured() {
    var key = "http.maxConnections";
    var before = System.getProperty(key);
    try {
      System.clearProperty(key);
      var bucket = bucket();
      bucket.open();
      assertThat(System.getProperty(key)).isEqualTo(String.valueOf(bucket.connections()));
      System.setProperty(key, "7");
      bucket.open();
      assertThat(System.getProperty(key)).isEqualTo("7");
    } finally {
      if (before == null) {
        System.clearProperty(key);
      } else {
        System.setProperty(key, before);
      }
    }
  }

  @Test
  void oneOfTwoKeysIsNoCredential() {
    var half = TestBucket.at("http://127.0.0.1:1", "access", "");
    assertThatThrownBy(half::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cairn.s3.access-key and cairn.s3.secret-key");
  }

  /** A proxy that has lost its store: whoever believed it would give up uploads. */
  @Test
  void aProxyThatFindsNothingIsNoMissingUpload() throws Exception {
    var proxy = answering(404, "<html><body>default backend</body></html>");
    try {
      var store = storeAt(proxy);
      var key = new ObjectKey("a");
      var upload = new MultipartUpload(key, "an-upload");
      assertUnavailable(() -> store.listParts(upload));
      assertUnavailable(() -> store.putPart(upload, 1, new ByteArrayInputStream(new byte[5]), 5));
      assertUnavailable(() -> store.abortMultipart(upload));
      assertUnavailable(() -> store.open(key));
      assertUnavailable(() -> store.list(key).toList());
    } finally {
      proxy.stop(0);
    }
  }

  @Test
  void allOfAnObjectIsNoRangeOfIt() throws Exception {
    var ignorant = answering(200, "0123456789");
    try {
      assertThatThrownBy(() -> storeAt(ignorant).open(new ObjectKey("a"), new ByteRange(2, 3)))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    } finally {
      ignorant.stop(0);
    }
  }

  /** A server that answers the same to everything. */
  private static HttpServer answering(int status, String text) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var body = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static S3ObjectStore storeAt(HttpServer server) {
    return TestBucket.at("http://127.0.0.1:" + server.getAddress().getPort(), "access", "secret")
        .open();
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }
}
