package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand uploads of few digests, named by drafts that are sealed or thrown away, while the
 * packaged service collects one time after the other with next to no time of grace.
 */
@Tag("conformance")
class CollectionRaceIT {

  private static final long SEED = 20261123;
  private static final int CLIENTS = 8;
  private static final int UPLOADS = 1_000;

  /** All clients send the same few bytes, and after a while others. */
  private static final int ROUND = 100;

  private static final int DIGESTS = 6;

  /** The last of a round are sealed; what others name is garbage again after a moment. */
  private static final int SEALED = 15;

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;
  private static S3Proxy s3;

  /** What a client was told is sealed. */
  private record Sealed(String run, String checkpoint, Sha256 sha256) {}

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger sentAgain = new AtomicInteger();
  private final Map<Integer, byte[]> contents = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Sealed> sealed = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void startServers() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    s3 = S3Resource.start(folder);
  }

  @AfterAll
  static void stopServers() throws Exception {
    s3.stop();
    postgres.close();
  }

  @AfterEach
  void forgetTheService() {
    RestAssured.reset();
  }

  @Test
  void nothingThatWasSealedIsEverMissing() throws Exception {
    try (var _ = serve()) {
      long swept = 0;
      try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
        var work = new ArrayList<Future<?>>();
        for (int i = 0; i < CLIENTS; i++) {
          work.add(clients.submit(this::client));
        }
        while (!work.stream().allMatch(Future::isDone)) {
          var plan = Storage.collect();
          assertThat(plan.getString("state")).isEqualTo("done");
          assertThat(plan.getLong("unknown") + plan.getLong("ahead")).isZero();
          swept += plan.getLong("swept");
          removeSoon();
        }
        for (var one : work) {
          one.get();
        }
      }
      Thread.sleep(2_000); // whatever is garbage has no grace left
      swept += Storage.collect().getLong("swept");
      removeSoon();
      assertThat(sealed).hasSize(UPLOADS / ROUND * SEALED);
      assertThat(swept).as("a race that nobody runs proves nothing").isGreaterThan(UPLOADS / ROUND);
      for (var one : sealed) {
        read(one);
      }
      var scrub = Storage.scrub();
      assertThat(scrub.getLong("damaged") + scrub.getLong("unreadable")).isZero();
      nothingElseIsLeft();
    }
  }

  /**
   * Without waiting for the end of addresses that were given out: only what was sealed is read, and
   * nothing of that is ever removed.
   */
  private static void removeSoon() throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate("update object_removal set due_at = now() - interval '1 second'");
    }
  }

  /** Draws work until there is none. */
  private Object client() throws Exception {
    var run = Given.run("");
    for (int i = next.getAndIncrement(); i < UPLOADS; i = next.getAndIncrement()) {
      // Half of them only drafts name: those are garbage in the end.
      int bound = isSealed(i) ? DIGESTS / 2 : DIGESTS;
      int which = i / ROUND * DIGESTS + new SplittableRandom(SEED + i).nextInt(bound);
      upload(run, i, contents.computeIfAbsent(which, w -> Uploads.randomBytes(100 + w)));
    }
    return run;
  }

  private static boolean isSealed(int step) {
    return step % ROUND >= ROUND - SEALED;
  }

  private void upload(String run, int step, byte[] bytes) throws Exception {
    var sha256 = Given.artifact(bytes);
    var checkpoint = run + "/checkpoints/step" + step;
    Given.post(
            run + "/checkpoints",
            "{\"step\":%d,\"files\":[{\"path\":\"model.bin\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(step, sha256, bytes.length))
        .statusCode(201);
    Thread.sleep(new SplittableRandom(SEED - step).nextInt(200));
    if (!isSealed(step)) {
      var file = given().redirects().follow(false).get(checkpoint + "/files/model.bin");
      assertThat(file.statusCode()).isIn(307, 404);
      if (file.statusCode() == 404) {
        sentAgain.incrementAndGet(); // it was slower than its grace, and would find out here
      }
      given().delete(checkpoint).then().statusCode(204);
      return;
    }
    var answer = seal(checkpoint);
    while (answer.statusCode() == 409) {
      // Slower than its grace before the draft named it. The draft names it now.
      sentAgain.incrementAndGet();
      assertThat(Given.artifact(bytes)).isEqualTo(sha256);
      answer = seal(checkpoint);
    }
    assertThat(answer.statusCode()).isEqualTo(200);
    var one = new Sealed(run, "step" + step, sha256);
    read(one);
    sealed.add(one);
  }

  private static Response seal(String checkpoint) {
    return given().post(checkpoint + "/seal?wait=30");
  }

  private static void read(Sealed one) throws Exception {
    var bytes = Given.download(one.run() + "/checkpoints/" + one.checkpoint() + "/files/model.bin");
    assertThat(bytes.statusCode()).as("%s", one).isEqualTo(200);
    assertThat(Sha256.of(bytes.body())).as("%s", one).isEqualTo(one.sha256());
  }

  /** Every object that no checkpoint names goes within a minute. */
  private void nothingElseIsLeft() throws IOException, InterruptedException {
    var named =
        sealed.stream()
            .map(one -> one.sha256().hex())
            .collect(Collectors.toCollection(TreeSet::new));
    var end = System.nanoTime() + 240_000_000_000L;
    List<String> left;
    do {
      Thread.sleep(1_000);
      left = digests();
    } while (left.size() != named.size() && System.nanoTime() < end);
    assertThat(left).as("one object for each digest").containsExactlyElementsOf(named);
  }

  /** The digest of each object of the store, as its key has it. */
  private static List<String> digests() throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().split("/"))
          .filter(names -> names.length == 5 && names[1].equals("artifacts"))
          .map(names -> names[3])
          .sorted()
          .toList();
    }
  }

  private static CairnService serve() throws IOException {
    var settings = CairnService.settings(postgres.getPort(), s3.getPort());
    settings.put("CAIRN_GC_GRACE", "PT1S");
    settings.put("CAIRN_UPLOAD_SWEEP_EVERY", "2s");
    var cairn = CairnService.start(folder, settings);
    RestAssured.port = URI.create(cairn.url()).getPort();
    return cairn;
  }
}
