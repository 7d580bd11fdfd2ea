package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.FaultProxy;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, whose database comes and goes while clients are at work. */
@Tag("conformance")
class PostgresFaultsIT {

  /** Every request is answered within this: that of a statement, and that of a connection. */
  private static final Duration BOUND = Duration.ofSeconds(45);

  private static final int POOL = 12;

  private static final Duration READINESS = Duration.ofSeconds(10);

  @TempDir static Path folder;
  private static Database database;
  private static S3Proxy s3;
  private static FaultProxy line;
  private static CairnService service;

  private static Work work;
  private static Usage usage;

  private int refused;

  @BeforeAll
  static void start() throws Exception {
    database = new Database(folder.resolve("database"));
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("objects")));
    line = new FaultProxy(database.port());
    var settings = CairnService.settings(line.port(), s3.getPort());
    settings.put("QUARKUS_DATASOURCE_JDBC_MAX_SIZE", String.valueOf(POOL));
    service = CairnService.start(folder, settings);
    work = new Work(service.url(), BOUND, 7);
    try (var warm = work.start()) {
      await("work", BOUND, () -> warm.acknowledged() >= 6);
    }
    usage = Usage.of(service);
  }

  /** Everything that was acknowledged is there, and the service holds no more than before. */
  @AfterAll
  static void stop() throws Exception {
    try {
      work.check();
      usage.awaitReturn(service);
    } finally {
      service.close();
      line.close();
      s3.stop();
      database.close();
    }
  }

  @BeforeEach
  void count() {
    work.start();
    refused = work.client().refused();
  }

  @AfterEach
  void allIsWellAgain() {
    line.heal();
    awaitReadiness(true);
    awaitWork();
    work.close();
    assertThat(service.isLive()).isTrue();
    assertThat(service.incidents()).isEmpty();
    assertThat(work.client().faults()).isEmpty();
  }

  @Test
  void aRestart() throws Exception {
    database.stop();
    database.start();
  }

  @Test
  void aMinuteWithoutIt() throws Exception {
    database.stop();
    awaitReadiness(false);
    stays(Duration.ofSeconds(60));
    database.start();
    assertThat(work.client().refused()).isGreaterThan(refused);
  }

  @Test
  void itHangs() throws Exception {
    database.halt();
    try {
      awaitReadiness(false);
      stays(Duration.ofSeconds(40));
    } finally {
      database.resume();
    }
    assertThat(work.client().refused()).isGreaterThan(refused);
  }

  @Test
  void othersHaveAllItsConnections() throws Exception {
    line.refuse();
    var taken = database.takeAll();
    try {
      line.heal();
      awaitReadiness(false);
      stays(Duration.ofSeconds(5));
    } finally {
      for (var connection : taken) {
        connection.close();
      }
    }
  }

  @Test
  void aLockHasAllConnectionsOfThePool() throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      var created = service.metric("agroal_creation_count_total");
      statement.execute("lock table checkpoint, upload, artifact in access exclusive mode");
      try (var _ = new Crowd(20, work::readOnce)) {
        awaitReadiness(false);
        // The first give up after as long as a statement may take, and others wait in their place.
        await(
            "other connections",
            BOUND,
            () -> service.metric("agroal_creation_count_total") >= created + POOL);
        assertThat(service.isLive()).isTrue();
        // Who gave up does not wait on in the database.
        await("only the pool waits", BOUND, () -> waiting() <= POOL);
        connection.rollback();
        awaitReadiness(true);
      }
    }
    awaitWork();
  }

  /** What becomes of a commit that nobody hears of: done or not, it is done once. */
  @Test
  void answersToCommitsAreLost() throws Exception {
    work.close(); // Others' commits would be lost in its place.
    var random = new Random(11);
    var seen = new HashSet<String>();
    for (int i = 0; i < 12; i++) {
      var name = "lost-" + i + "-" + UUID.randomUUID();
      var key = UUID.randomUUID().toString();
      var json = "{\"name\":\"" + name + "\"}";
      // The answer, or else the commit itself.
      var answer = random.nextBoolean();
      var before = line.lost();
      if (answer) {
        line.loseAnswers("COMMIT");
      } else {
        line.loseRequests("insert into project");
      }
      assertThat(work.client().post("/v1/projects", key, json, 201)).isEmpty();
      assertThat(line.lost()).isGreaterThan(before);
      line.heal();
      assertThat(database.count("select count(*) from project where name = '" + name + "'"))
          .isEqualTo(answer ? 1 : 0);
      var created = Work.must(() -> work.client().post("/v1/projects", key, json, 201)).json();
      assertThat(created.path("name").asText()).isEqualTo(name);
      assertThat(database.count("select count(*) from project where name = '" + name + "'"))
          .isEqualTo(1);
      seen.add(answer ? "answer" : "request");
    }
    assertThat(seen).hasSize(2);
    work.start();
  }

  @Test
  void connectionsBreak() throws Exception {
    var random = new Random(5);
    for (int i = 0; i < 20; i++) {
      line.resetAfter(random.nextInt(20_000));
      Thread.sleep(random.nextInt(300));
      line.heal();
      Thread.sleep(random.nextInt(100));
    }
  }

  private static long waiting() {
    return database.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
  }

  private static void awaitReadiness(boolean ready) {
    await("readiness " + ready, READINESS, () -> service.isReady() == ready);
  }

  /** The service lives on without being ready. */
  private static void stays(Duration down) {
    long end = System.nanoTime() + down.toNanos();
    await(
        "the end",
        down.plusSeconds(30),
        () -> {
          assertThat(service.isLive()).isTrue();
          assertThat(service.isReady()).isFalse();
          return System.nanoTime() > end;
        });
  }

  /** Everybody gets on: acknowledgements that come only now. */
  private void awaitWork() {
    int before = work.acknowledged();
    await("work goes on", BOUND, () -> work.acknowledged() >= before + 6);
  }
}
