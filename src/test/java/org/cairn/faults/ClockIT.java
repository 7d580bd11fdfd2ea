package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.HttpFault;
import org.cairn.testsupport.HttpFaultProxy;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the database is set by hours, forth and back, while clients are at work. */
@Tag("conformance")
class ClockIT {

  private static final Duration BOUND = Duration.ofSeconds(30);

  /** Short, so that there are many chances to take a job over wrongly. */
  private static final String LEASE = "PT4S";

  @TempDir static Path folder;
  private static SteppedClock clock;
  private static Database database;
  private static S3Proxy s3;
  private static HttpFaultProxy store;
  private static CairnService service;
  private static Work work;

  @BeforeAll
  static void start() throws Exception {
    clock = new SteppedClock(folder, "clock");
    database = new Database(folder.resolve("database"));
    database.restartWith(clock);
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("objects")));
    store = new HttpFaultProxy(s3.getPort());
    var settings = CairnService.settings(database.port(), store.port());
    settings.put("CAIRN_S3_PUBLIC_ENDPOINT", S3Resource.endpoint(s3));
    settings.put("CAIRN_JOBS_LEASE", LEASE);
    service = CairnService.start(folder, settings);
    work = new Work(service.url(), BOUND, 13);
    work.start();
    awaitWork();
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      work.check();
    } finally {
      service.close();
      store.close();
      s3.stop();
      database.close();
    }
  }

  /** Jobs that take some seconds each are under way at every step, and each is run once. */
  @Test
  void noJobIsRunTwiceOrLost() throws Exception {
    store.fail(line ->
        line.startsWith("GET") && line.contains("/artifacts/") && !line.contains("uploadId=")
            ? HttpFault.late(Duration.ofSeconds(3))
            : HttpFault.NONE);
    for (var by : new int[] {3, 0, -3, 0}) {
      await("a job", BOUND, () -> running() > 0);
      clock.step(Duration.ofHours(by));
      await("the step", BOUND, () -> Math.abs(offset() - by * 3600L) < 60);
      awaitWork();
    }
    store.heal();
    assertThat(database.count("select count(*) from job where attempts > 1")).isZero();
    assertThat(database.count("select count(*) from job where state = 'failed'")).isZero();
    assertThat(work.client().faults()).isEmpty();
  }

  private static long running() {
    return database.count("select count(*) from job where state = 'running'");
  }

  private static long offset() {
    return database.count("select extract(epoch from clock_timestamp())::bigint")
        - System.currentTimeMillis() / 1000;
  }

  private static void awaitWork() {
    int before = work.acknowledged();
    await("work goes on", BOUND.multipliedBy(2), () -> work.acknowledged() >= before + 4);
  }
}
