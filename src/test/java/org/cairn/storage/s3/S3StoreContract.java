package org.cairn.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreContract;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.Presentation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What {@link S3ObjectStore} does with each server that speaks S3. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class S3StoreContract extends ObjectStoreContract {

  private static final Presentation PLAIN = new Presentation("text/plain", "attachment");

  private S3ObjectStore store;

  /** A bucket that need not be there yet, on a server that is. */
  abstract TestBucket bucket();

  @BeforeEach
  void open() {
    if (store == null) {
      var opened = bucket().open();
      assertThat(opened.bucketExists(false)).isFalse();
      assertThat(opened.bucketExists(true)).isTrue();
      assertThat(opened.bucketExists(false)).isTrue();
      store = opened;
    }
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected ObjectStore unreachableStore() {
    try (var socket = new ServerSocket(0)) {
      return TestBucket.at("http://127.0.0.1:" + socket.getLocalPort(), "access", "secret").open();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWrongSecretIsDenied() {
    var intruder = bucket().withSecretKey("not the secret").open();
    assertThatThrownBy(() -> intruder.putIfAbsent(new ObjectKey("a"), new byte[1], "text/plain"))
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
    var away = bucket().withPublicEndpoint("https://s3.example.org").open();
    var url = away.presignGet(new ObjectKey("a/b"), Duration.ofMinutes(1), PLAIN);
    assertThat(url).hasScheme("https").hasHost("s3.example.org").hasPath("/contract/a/b");
    var upload = away.startMultipart(new ObjectKey("signed"), "text/plain");
    assertThat(away.presignPart(upload, 1, Duration.ofMinutes(1))).hasHost("s3.example.org");
    away.abortMultipart(upload);
  }

  @Test
  void aMissingBucketIsNotAMissingObject() {
    var lost = bucket().withBucket("no-such-bucket").open();
    assertThatThrownBy(() -> lost.putIfAbsent(new ObjectKey("a"), new byte[1], "text/plain"))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    assertThatThrownBy(() -> lost.open(new ObjectKey("a")))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }
}
