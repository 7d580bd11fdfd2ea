package org.cairn.job;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.cairn.api.PageToken;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runners of the test's own, beside the application's, which knows none of these kinds. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class JobRunnerTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  @Inject JobService jobs;
  @Inject DataSource database;
  @Inject ObjectMapper json;

  /** A kind for each test, so that tests do not see each other's jobs. */
  private final String kind = "test-" + UUID.randomUUID();

  private final List<JobRunner> runners = new ArrayList<>();

  private record Config(int workers, Duration lease, int attempts) implements JobsConfig {
    @Override
    public Duration poll() {
      return Duration.ofMillis(50);
    }

    @Override
    public Duration backoff() {
      return Duration.ofMillis(20);
    }

    @Override
    public Duration backoffLimit() {
      return Duration.ofMillis(100);
    }

    @Override
    public Duration keep() {
      return Duration.ofDays(1);
    }
  }

  private interface Work {
    JobOutcome run(JobContext job) throws Exception;
  }

  private final ConcurrentLinkedQueue<String> givenUp = new ConcurrentLinkedQueue<>();

  private JobRunner runner(Config config, Work work) {
    return runner(new JobRepository(new Statements(database), json), config, work);
  }

  private JobRunner runner(JobRepository repository, Config config, Work work) {
    var handler =
        new JobHandler() {
          @Override
          public String kind() {
            return kind;
          }

          @Override
          public JobOutcome run(JobContext job) throws Exception {
            return work.run(job);
          }

          @Override
          public void gaveUp(JobContext job, String reason) {
            givenUp.add(reason);
          }
        };
    var runner = new JobRunner(repository, List.of(handler), config);
    runners.add(runner);
    runner.start();
    return runner;
  }

  @AfterEach
  void stopRunners() {
    runners.forEach(JobRunner::stop);
  }

  private UUID enqueue(String subject) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            jobs.enqueue(
                kind, subject, JsonNodeFactory.instance.objectNode().put("name", subject), 10));
  }

  private JobView await(UUID id, Predicate<JobView> condition) throws InterruptedException {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    var job = jobs.get(id);
    while (!condition.test(job)) {
      assertThat(System.nanoTime()).as("waiting for %s", job).isLessThan(deadline);
      Thread.sleep(10);
      job = jobs.get(id);
    }
    return job;
  }

  private JobView awaitEnd(UUID id) throws InterruptedException {
    return await(id, job -> job.finishedAt() != null);
  }

  /** Otherwise the job would not see what the transaction wrote, and no other would come. */
  @Test
  void aJobThatSufficesIsNotBegunBeforeTheTransactionThatReliesOnItEnds() throws Exception {
    var begun = new AtomicInteger();
    QuarkusTransaction.requiringNew().run(() -> enqueueOnce());
    QuarkusTransaction.requiringNew()
        .run(() -> {
          enqueueOnce();
          runner(
              new Config(1, Duration.ofMinutes(1), 3),
              job -> {
                begun.incrementAndGet();
                return JobOutcome.SUCCEEDED;
              });
          pause(SHORT);
          assertThat(begun).hasValue(0);
        });
    var mine = jobs.list(PageToken.newest(null), null, kind, 10).items();
    assertThat(mine).hasSize(1);
    awaitEnd(mine.getFirst().id());
    assertThat(begun).hasValue(1);
  }

  private void enqueueOnce() {
    jobs.enqueueOnce(kind, "one", JsonNodeFactory.instance.objectNode(), Duration.ZERO);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void twoRunnersRunEachJobOnce() throws InterruptedException {
    var runs = new ConcurrentHashMap<UUID, AtomicInteger>();
    Work work =
        job -> {
          runs.computeIfAbsent(job.id(), id -> new AtomicInteger()).incrementAndGet();
          assertThat(job.payload().path("name").asText()).isEqualTo(job.subject());
          job.progress(10, 10);
          return JobOutcome.SUCCEEDED;
        };
    runner(new Config(3, Duration.ofMinutes(1), 3), work);
    runner(new Config(3, Duration.ofMinutes(1), 3), work);
    var ids = IntStream.range(0, 100).mapToObj(i -> enqueue("job " + i)).toList();
    for (var id : ids) {
      var job = awaitEnd(id);
      assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(job.attempts()).isEqualTo(1);
      assertThat(job.done()).isEqualTo(10);
      assertThat(job.startedAt()).isNotNull();
    }
    assertThat(
            runs.entrySet().stream()
                .collect(Collectors.toMap(run -> run.getKey(), run -> run.getValue().get())))
        .containsOnlyKeys(ids)
        .containsValue(1)
        .doesNotContainValue(2);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void aJobThatIsRolledBackWasNeverEnqueued() {
    var id = new AtomicInteger();
    runner(
        new Config(1, Duration.ofMinutes(1), 3),
        job -> {
          id.incrementAndGet();
          return JobOutcome.SUCCEEDED;
        });
    QuarkusTransaction.begin();
    var job = jobs.enqueue(kind, "x", JsonNodeFactory.instance.objectNode(), 0);
    QuarkusTransaction.rollback();
    assertThat(given().get("/v1/jobs/" + job).statusCode()).isEqualTo(404);
    assertThat(id).hasValue(0);
  }

  @Test
  void theJobOfASilentRunnerIsTakenOver() throws Exception {
    var id = enqueue("orphan");
    // A runner that leased the job and was killed.
    var dead =
        new JobRepository(new Statements(database), json)
            .claim("dead", List.of(kind), 1, Duration.ofMillis(200));
    assertThat(dead).hasSize(1);
    runner(new Config(1, SHORT, 3), job -> JobOutcome.SUCCEEDED);
    var job = awaitEnd(id);
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.attempts()).isEqualTo(2);
    // What the dead one still writes changes nothing.
    var ghost = new RunningJob(dead.getFirst());
    assertThat(
            new JobRepository(new Statements(database), json)
                .finish(ghost, JobState.FAILED, "ghost"))
        .isFalse();
    assertThat(jobs.get(id).state()).isEqualTo(JobState.SUCCEEDED);
  }

  /** The database was away for longer than a lease; then the runner takes over from itself. */
  @Test
  void aRunThatIsRepeatedHereIsToldToStop() throws Exception {
    var cannotRenew =
        new JobRepository(new Statements(database), json) {
          @Override
          Map<UUID, Boolean> renew(Collection<RunningJob> running, Duration lease) {
            throw new IllegalStateException("the database is away");
          }
        };
    var runs = new AtomicInteger();
    var told = new CountDownLatch(1);
    runner(
        cannotRenew,
        new Config(2, SHORT, 50),
        job -> {
          if (runs.incrementAndGet() == 1) {
            while (!job.cancelRequested()) {
              Thread.sleep(10);
            }
            told.countDown();
          }
          return JobOutcome.SUCCEEDED;
        });
    var id = enqueue("repeated");
    assertThat(awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(runs).hasValue(2);
  }

  @Test
  void aLongJobKeepsItsLease() throws Exception {
    var runs = new AtomicInteger();
    Work work =
        job -> {
          runs.incrementAndGet();
          for (int i = 1; i <= 10; i++) {
            Thread.sleep(SHORT.toMillis() / 3);
            job.progress(i, 10);
          }
          return JobOutcome.SUCCEEDED;
        };
    runner(new Config(1, SHORT, 3), work);
    runner(new Config(1, SHORT, 3), work);
    var id = enqueue("long");
    await(id, job -> job.done() > 0 && job.state() == JobState.RUNNING);
    assertThat(awaitEnd(id).attempts()).isEqualTo(1);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatThrowsIsTriedAgain() throws Exception {
    var runs = new AtomicInteger();
    runner(
        new Config(1, Duration.ofMinutes(1), 5),
        job -> {
          if (runs.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
          }
          return JobOutcome.SUCCEEDED;
        });
    var job = awaitEnd(enqueue("third time lucky"));
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.attempts()).isEqualTo(3);
    assertThat(job.failure()).isNull();
    assertThat(givenUp).isEmpty();
  }

  @Test
  void whatThrowsAlwaysFails() throws Exception {
    runner(
        new Config(1, Duration.ofMinutes(1), 3),
        job -> {
          throw new IllegalStateException("never");
        });
    var job = awaitEnd(enqueue("hopeless"));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempts()).isEqualTo(3);
    assertThat(job.failure()).contains("never");
    assertThat(givenUp).hasSize(1).first().asString().contains("never");
  }

  @Test
  void aHandlerSaysWhatFailed() throws Exception {
    runner(
        new Config(1, Duration.ofMinutes(1), 3), job -> new JobOutcome.Failed("the bytes are bad"));
    var job = awaitEnd(enqueue("bad"));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempts()).isEqualTo(1);
    assertThat(job.failure()).isEqualTo("the bytes are bad");
    assertThat(givenUp).containsExactly("the bytes are bad");
  }

  @Test
  void waitingIsNoAttempt() throws Exception {
    var runs = new AtomicInteger();
    runner(
        new Config(1, Duration.ofMinutes(1), 2),
        job ->
            runs.incrementAndGet() < 6
                ? new JobOutcome.Retry(Duration.ofMillis(10), "still waiting")
                : JobOutcome.SUCCEEDED);
    var job = awaitEnd(enqueue("patient"));
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.attempts()).isEqualTo(1);
  }

  @Test
  void aJobThatKillsItsWorkersFailsInTheEnd() throws Exception {
    var id = enqueue("killer");
    var repository = new JobRepository(new Statements(database), json);
    assertThat(repository.claim("dead", List.of(kind), 1, Duration.ZERO)).hasSize(1);
    assertThat(repository.takeOver("dead too", repository.held(List.of(kind), 1), Duration.ZERO))
        .hasSize(1);
    runner(new Config(1, SHORT, 2), job -> JobOutcome.SUCCEEDED);
    var job = awaitEnd(id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure()).contains("workers were lost");
    assertThat(givenUp).hasSize(1);
  }

  @Test
  void aRunningJobIsCancelled() throws Exception {
    runner(
        new Config(1, Duration.ofMinutes(1), 3),
        job -> {
          while (!job.cancelRequested()) {
            Thread.sleep(10);
          }
          throw new IllegalStateException("stopped half-way");
        });
    var id = enqueue("endless");
    await(id, job -> job.state() == JobState.RUNNING);
    given().post("/v1/jobs/" + id + "/cancel").then().statusCode(202);
    assertThat(awaitEnd(id).state()).isEqualTo(JobState.CANCELLED);
    assertThat(givenUp).containsExactly("cancelled");
  }

  @Test
  void aQueuedJobIsCancelledAndNeverRun() throws Exception {
    var runs = new AtomicInteger();
    var id = enqueue("unwanted");
    given().post("/v1/jobs/" + id + "/cancel").then().statusCode(202);
    runner(
        new Config(1, Duration.ofMinutes(1), 3),
        job -> {
          runs.incrementAndGet();
          return JobOutcome.SUCCEEDED;
        });
    assertThat(awaitEnd(id).state()).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(0);
    // What has ended stays as it is.
    given()
        .post("/v1/jobs/" + id + "/cancel")
        .then()
        .statusCode(202)
        .body("state", equalTo("cancelled"));
  }

  @Test
  void stoppingGivesTheJobBack() throws Exception {
    var begun = new CountDownLatch(1);
    var first =
        runner(
            new Config(1, Duration.ofMinutes(1), 3),
            job -> {
              begun.countDown();
              Thread.sleep(Duration.ofMinutes(1));
              return JobOutcome.SUCCEEDED;
            });
    var id = enqueue("interrupted");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    first.stop();
    assertThat(jobs.get(id).state()).isEqualTo(JobState.QUEUED);
    assertThat(jobs.get(id).attempts()).isZero();
    runner(new Config(1, Duration.ofMinutes(1), 3), job -> JobOutcome.SUCCEEDED);
    var job = awaitEnd(id);
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void jobsAreListedByKindAndState() throws Exception {
    var ids = List.of(enqueue("a"), enqueue("b"), enqueue("c"));
    var first =
        given()
            .get("/v1/jobs?state=queued&pageSize=2&kind=" + kind)
            .then()
            .statusCode(200)
            .body("items.id", equalTo(List.of(ids.get(2).toString(), ids.get(1).toString())))
            .extract()
            .jsonPath();
    given()
        .get(
            "/v1/jobs?state=queued&pageSize=2&kind="
                + kind
                + "&pageToken="
                + first.getString("nextPageToken"))
        .then()
        .statusCode(200)
        .body("items.id", equalTo(List.of(ids.get(0).toString())))
        .body("items.subject", hasItem("a"));
    given().get("/v1/jobs?state=running&kind=" + kind).then().body("items.size()", equalTo(0));
    given()
        .get("/v1/jobs?state=lost")
        .then()
        .statusCode(400)
        .body("violations[0].field", equalTo("state"));
    given().get("/v1/jobs/" + UUID.randomUUID()).then().statusCode(404);
  }
}
