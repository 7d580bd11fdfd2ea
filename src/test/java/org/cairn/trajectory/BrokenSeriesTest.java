package org.cairn.trajectory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.WatchedStore;
import org.cairn.storage.ObjectStore;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go away and stores that break in the middle of a series. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@Timeout(60)
class BrokenSeriesTest {

  private static final int CHECKPOINTS = 30;
  private static final int FETCHED = 1 << 20;
  private static final int PASSED_THROUGH = 5 << 20;

  @Inject ArtifactService artifacts;
  @Inject ObjectStore real;

  @SuppressWarnings("NullAway.Init")
  private WatchedStore store;

  @BeforeEach
  void watch() {
    store = WatchedStore.install(artifacts, real);
  }

  /** Of the same bytes at every step. */
  private static Trained run(int bytes) throws Exception {
    var weights = new Safetensors().tensor("w", "U8", List.of(bytes), new byte[bytes]).bytes();
    var run = Trained.run();
    for (int step = 0; step < CHECKPOINTS; step++) {
      run.checkpoint(step, "", weights);
    }
    return run;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {FETCHED, PASSED_THROUGH})
  void aClientThatStopsReadingAndGoesAwayLeavesNothingOpen(int bytes) throws Exception {
    var run = run(bytes);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + run.tensor("w") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(50_000)).hasSize(50_000);
      await(() -> store.opened() > 0);
      int before;
      do {
        before = store.opened();
        Thread.sleep(300);
      } while (store.opened() > before);
      assertThat(store.opened()).isLessThan(CHECKPOINTS);
    }
    await(() -> store.open() == 0);
    assertThat(store.opened()).isLessThan(CHECKPOINTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {FETCHED, PASSED_THROUGH})
  void aClientIsToldWhenTheStoreBreaksInTheMiddle(int bytes) throws Exception {
    var run = run(bytes);
    store.breakAt(12);
    assertThatThrownBy(() -> Given.download(run.tensor("w"))).isInstanceOf(IOException.class);
    await(() -> store.open() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {FETCHED, PASSED_THROUGH})
  void aClientIsToldWhenTheStoreRefusesInTheMiddle(int bytes) throws Exception {
    var run = run(bytes);
    store.refuseAt(12);
    assertThatThrownBy(() -> Given.download(run.tensor("w"))).isInstanceOf(IOException.class);
    await(() -> store.open() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {FETCHED, PASSED_THROUGH})
  void aStoreThatIsAwayFromTheBeginningIsAProblem(int bytes) throws Exception {
    var run = run(bytes);
    store.refuseAt(1);
    given().get(run.tensor("w")).then().statusCode(503).contentType("application/problem+json");
    await(() -> store.open() == 0);
  }

  @Test
  void onlyTheBytesOfTheSliceAreReadAndEachOnce() throws Exception {
    var run = run(FETCHED);
    var answer = Given.download(run.tensor("w") + "?format=npy&slice=10:20");
    assertThat(answer.body()).hasSize(128 + CHECKPOINTS * 10);
    assertThat(store.opened()).isEqualTo(CHECKPOINTS);
    await(() -> store.open() == 0);
  }
}
