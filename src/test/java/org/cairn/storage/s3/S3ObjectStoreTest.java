package org.cairn.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreContract;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.Presentation;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ObjectStoreTest extends ObjectStoreContract {

  private static final Presentation PLAIN = new Presentation("text/plain", "attachment");

  @TempDir static Path folder;
  private static S3Proxy server;
  private static S3ObjectStore store;

  /** The configuration of a bucket, without a container. */
  private record Config(URI endpoint, Optional<URI> publicEndpoint, String bucket, String secret)
      implements S3Config {
    static Config of(String endpoint) {
      return new Config(URI.create(endpoint), Optional.empty(), "contract", S3Resource.SECRET_KEY);
    }

    @Override
    public String region() {
      return "us-east-1";
    }

    @Override
    public boolean createBucket() {
      return true;
    }

    @Override
    public Optional<String> accessKey() {
      return Optional.of(S3Resource.ACCESS_KEY);
    }

    @Override
    public Optional<String> secretKey() {
      return Optional.of(secret);
    }

    @Override
    public Duration connectTimeout() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration readTimeout() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Duration writeTimeout() {
      return Duration.ofSeconds(10);
    }

    @Override
    public int connections() {
      return 32;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = S3Resource.start(folder);
    store = new S3ObjectStore(S3Clients.of(Config.of(S3Resource.endpoint(server))));
    assertThat(store.bucketExists(false)).isFalse();
    assertThat(store.bucketExists(true)).isTrue();
    assertThat(store.bucketExists(false)).isTrue();
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  /** S3Proxy keeps such a part for nobody. */
  @Override
  protected boolean refusesLateParts() {
    return false;
  }

  @Override
  protected ObjectStore unreachableStore() {
    try (var socket = new ServerSocket(0)) {
      return new S3ObjectStore(
          S3Clients.of(Config.of("http://127.0.0.1:" + socket.getLocalPort())));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private S3ObjectStore storeWith(Optional<URI> publicEndpoint, String bucket, String secret) {
    return new S3ObjectStore(
        S3Clients.of(
            new Config(URI.create(S3Resource.endpoint(server)), publicEndpoint, bucket, secret)));
  }

  @Test
  void aWrongSecretIsDenied() {
    var intruder = storeWith(Optional.empty(), "contract", "not the secret");
    assertThatThrownBy(() -> intruder.put(new ObjectKey("a"), new byte[1], "text/plain"))
        .isInstanceOfSatisfying(
            ObjectStoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DENIED);
              assertThat(e.retryable()).isFalse();
            });
    assertThatThrownBy(() -> intruder.list(new ObjectKey("a")).toList())
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
  }

  @Test
  void addressesAreSignedForThePublicEndpoint() {
    var away =
        storeWith(
            Optional.of(URI.create("https://s3.example.org")), "contract", S3Resource.SECRET_KEY);
    var url = away.presignGet(new ObjectKey("a/b"), Duration.ofMinutes(1), PLAIN);
    assertThat(url).hasScheme("https").hasHost("s3.example.org").hasPath("/contract/a/b");
    var upload = away.startMultipart(new ObjectKey("signed"), "text/plain");
    assertThat(away.presignPart(upload, 1, Duration.ofMinutes(1))).hasHost("s3.example.org");
    away.abortMultipart(upload);
  }

  @Test
  void aMissingBucketIsNotAMissingObject() {
    var lost = storeWith(Optional.empty(), "no-such-bucket", S3Resource.SECRET_KEY);
    assertThatThrownBy(() -> lost.put(new ObjectKey("a"), new byte[1], "text/plain"))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    assertThatThrownBy(() -> lost.open(new ObjectKey("a")))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  @Test
  void oneOfTwoKeysIsNoCredential() {
    var half = new Config(URI.create("http://127.0.0.1:1"), Optional.empty(), "contract", "");
    assertThatThrownBy(() -> S3Clients.of(half))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cairn.s3.access-key and cairn.s3.secret-key");
  }
}
