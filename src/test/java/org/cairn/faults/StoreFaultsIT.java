package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.HttpFault;
import org.cairn.testsupport.HttpFaultProxy;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service, through which all bytes pass, whose store fails in every way while clients
 * are at work.
 */
@Tag("conformance")
class StoreFaultsIT {

  /** Longest wait for the store's next byte, as the service is told. */
  private static final Duration STORE = Duration.ofSeconds(4);

  /** Every request is answered within this: a few waits for the store, one after the other. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private static final Duration READINESS = Duration.ofSeconds(10);

  @TempDir static Path folder;
  private static Database database;
  private static S3Proxy s3;
  private static HttpFaultProxy store;
  private static CairnService service;

  private static Work work;
  private static Usage usage;

  private final Random random = new Random(3);
  private int refused;
  private int broken;

  @BeforeAll
  static void start() throws Exception {
    database = new Database(folder.resolve("database"));
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("objects")));
    store = new HttpFaultProxy(s3.getPort());
    var settings = CairnService.settings(database.port(), store.port());
    settings.put("CAIRN_TRANSFER_MODE", "proxied");
    settings.put("CAIRN_S3_READ_TIMEOUT", STORE.toString());
    settings.put("CAIRN_S3_WRITE_TIMEOUT", STORE.toString());
    service = CairnService.start(folder, settings);
    work = new Work(service.url(), BOUND, 7);
    try (var warm = work.start()) {
      await("work", BOUND, () -> warm.acknowledged() >= 6);
    }
    usage = Usage.of(service);
    work.start();
  }

  /** Everything that was acknowledged is there, and the service holds no more than before. */
  @AfterAll
  static void stop() throws Exception {
    try {
      work.check();
      usage.awaitReturn(service);
    } finally {
      service.close();
      store.close();
      s3.stop();
      database.close();
    }
  }

  @BeforeEach
  void count() {
    refused = work.client().refused();
    broken = work.client().broken();
  }

  @AfterEach
  void allIsWellAgain() {
    store.heal();
    awaitReadiness(true);
    awaitWork();
    assertThat(service.isLive()).isTrue();
    assertThat(service.incidents()).isEmpty();
    assertThat(work.client().faults()).isEmpty();
  }

  @Test
  void itRefusesConnections() {
    store.refuse();
    awaitReadiness(false);
    assertThat(service.isLive()).isTrue();
    awaitRefusals();
  }

  @Test
  void itHangs() {
    store.hang();
    awaitReadiness(false);
    assertThat(service.isLive()).isTrue();
    awaitRefusals();
  }

  /** Below the limits nobody is refused anything. */
  @Test
  void itIsSlowWithinLimits() {
    store.fail(line -> HttpFault.late(Duration.ofMillis(700)));
    awaitFaults(20);
    store.fail(line -> line.startsWith("GET") ? HttpFault.slow(800_000) : HttpFault.NONE);
    awaitFaults(10);
    assertThat(work.client().refused()).isEqualTo(refused);
    assertThat(work.client().broken()).isEqualTo(broken);
    assertThat(service.isReady()).isTrue();
  }

  @Test
  void itsFirstByteComesTooLate() {
    store.fail(line -> HttpFault.late(STORE.multipliedBy(3)));
    awaitReadiness(false);
    awaitRefusals();
  }

  /** An answer that has begun breaks off, and one that has not is a refusal. */
  @Test
  void itStopsInTheMiddle() {
    store.fail(line -> isObject(line) ? HttpFault.hold(300_000) : HttpFault.NONE);
    await(
        "the end of answers",
        BOUND,
        () -> work.client().broken() + work.client().refused() > broken + refused + 2);
    store.release();
  }

  @Test
  void itSaysSlowDown() {
    store.fail(line -> HttpFault.slowDown());
    awaitReadiness(false);
    awaitRefusals();
  }

  @Test
  void somebodyBeforeItSays503() {
    store.fail(line -> HttpFault.answer(503, "<html>upstream is away</html>"));
    awaitReadiness(false);
    awaitRefusals();
  }

  /** Then it refuses what is signed, which passes when the clocks agree, and costs no upload. */
  @Test
  void itsClockIsAnother() {
    store.fail(line ->
        HttpFault.answer(403, "<Error><Code>RequestTimeTooSkewed</Code><Message/></Error>"));
    awaitReadiness(false);
    awaitRefusals();
  }

  /** Half of all requests, so that clients and retries get through in between. */
  @Test
  void someRequestsFail() {
    store.fail(sometimes(line -> HttpFault.answer(random.nextBoolean() ? 500 : 503, "")));
    awaitWork();
  }

  @Test
  void answersAreCutOff() {
    store.fail(
        sometimes(line -> line.startsWith("GET") ? HttpFault.cutAnswer(cut()) : HttpFault.NONE));
    awaitFaults(20);
    awaitWork();
  }

  @Test
  void requestsAreCutOff() {
    store.fail(
        sometimes(line -> line.startsWith("GET") ? HttpFault.NONE : HttpFault.cutRequest(cut())));
    awaitFaults(20);
    awaitWork();
  }

  /** No upload of right bytes fails, and nobody gets a whole file that is wrong. */
  @Test
  void bytesAreWrong() {
    store.fail(sometimes(line -> isObject(line) ? HttpFault.flip(cut()) : HttpFault.NONE));
    awaitFaults(30);
    awaitWork();
  }

  private Function<String, HttpFault> sometimes(Function<String, HttpFault> rule) {
    return line -> {
      synchronized (random) {
        return random.nextInt(3) == 0 ? rule.apply(line) : HttpFault.NONE;
      }
    };
  }

  private long cut() {
    return random.nextInt(400_000);
  }

  private static boolean isObject(String line) {
    return line.startsWith("GET") && line.contains("/artifacts/") && !line.contains("uploadId=");
  }

  private static void awaitFaults(int more) {
    int before = store.failed();
    await("faults", BOUND.multipliedBy(2), () -> store.failed() >= before + more);
  }

  private static void awaitReadiness(boolean ready) {
    await("readiness " + ready, READINESS, () -> service.isReady() == ready);
  }

  private void awaitRefusals() {
    await("refusals", BOUND, () -> work.client().refused() > refused + 4);
  }

  private void awaitWork() {
    int before = work.acknowledged();
    await("work goes on", BOUND.multipliedBy(2), () -> work.acknowledged() >= before + 6);
  }
}
