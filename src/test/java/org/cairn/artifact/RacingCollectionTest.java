package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/**
 * Many clients send the same few bytes while one collection follows the other, without any time of
 * grace: whoever was told that the registry has taken a file finds its bytes there.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Storage.Profile.class)
class RacingCollectionTest {

  private static final int CLIENTS = 4;
  private static final int FILES = 12;
  private static final int KEPT = 3;

  @Inject DataSource database;
  @Inject CollectionScheduleJob schedule;

  /** What a client was told that the registry has. */
  private record Named(String address, Sha256 sha256) {}

  @Test
  void nothingThatWasTakenIsEverMissing() throws Exception {
    var storage = new Storage(database);
    var contents = new ArrayList<byte[]>();
    for (int i = 0; i < 5; i++) {
      contents.add(Uploads.randomBytes(200 + i));
    }
    var named = new ConcurrentLinkedQueue<Named>();
    var refused = new AtomicInteger();
    var over = new AtomicBoolean();
    long swept = 0;
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var working = new AtomicInteger(CLIENTS);
      var done = new ArrayList<Future<?>>();
      for (int client = 0; client < CLIENTS; client++) {
        done.add(
            clients.submit(() -> {
              try {
                var run = Given.run("");
                for (int i = 0; i < FILES; i++) {
                  send(run, i, contents, named, refused);
                }
                return null;
              } finally {
                over.set(working.decrementAndGet() == 0);
              }
            }));
      }
      while (!over.get()) {
        swept += Storage.collect().getLong("swept");
        storage.sql("update object_removal set due_at = now() - interval '1 second'");
        schedule.removeOnce();
      }
      for (var one : done) {
        one.get();
      }
    }
    Storage.collect();
    storage.sql("update object_removal set due_at = now() - interval '1 second'");
    schedule.removeOnce();
    assertThat(named).isNotEmpty();
    assertThat(swept).as("a race that nobody runs proves nothing").isPositive();
    for (var one : named) {
      var read = Given.download(one.address());
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(Sha256.of(read.body())).isEqualTo(one.sha256());
    }
  }

  /** Sends a file and names it for a moment: then it may be garbage again. The last ones stay. */
  private static void send(
      String run,
      int number,
      List<byte[]> contents,
      ConcurrentLinkedQueue<Named> named,
      AtomicInteger refused)
      throws Exception {
    var bytes = contents.get(ThreadLocalRandom.current().nextInt(contents.size()));
    var path = "f" + number;
    while (true) {
      var sha256 = Given.artifact(bytes);
      var answer =
          given()
              .contentType("application/json")
              .body(
                  Map.of(
                      "files",
                      List.of(Map.of("path", path, "sha256", sha256.hex(), "size", bytes.length))))
              .post(run + "/files");
      // Without any time of grace they may be gone by now, and the client is told so.
      assertThat(answer.statusCode()).isIn(Set.of(200, 400));
      if (answer.statusCode() == 400) {
        refused.incrementAndGet();
        continue;
      }
      var address = run + "/files/" + path;
      Thread.sleep(ThreadLocalRandom.current().nextInt(40));
      var read = Given.download(address);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(Sha256.of(read.body())).isEqualTo(sha256);
      if (number >= FILES - KEPT) {
        named.add(new Named(address, sha256));
      } else {
        given().delete(address).then().statusCode(204);
      }
      return;
    }
  }
}
