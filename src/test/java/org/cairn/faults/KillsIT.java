package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cairn.testsupport.Answers;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service is killed again and again, while clients upload, register, seal, label and
 * delete, and while bytes are collected. Whatever it was at, nothing that was acknowledged is lost,
 * nothing is left over, and the bucket tells all of it.
 */
@Tag("conformance")
class KillsIT {

  private static final long SEED = Long.getLong("cairn.kills.seed", 20261123);
  private static final int KILLS = Integer.getInteger("cairn.kills", 100);
  private static final int OF_REBUILDS = KILLS / 10;

  private static final Duration LONG = Duration.ofMinutes(3);

  /**
   * How long a kill waits for the service to be at what it is to be killed at. Collections are the
   * rarest: a plan waits for its grace, and after a kill for the lease of the job.
   */
  private static final Duration MOMENT = Duration.ofSeconds(8);

  @TempDir static Path folder;
  private static Database database;
  private static S3Proxy s3;
  private static int port;
  private static int management;
  private static CairnService service;

  /** What the service is killed at, and how the database shows that it is. */
  private enum At {
    UPLOAD("select count(*) from upload where state = 'open'"),
    VERIFICATION("select count(*) from job where kind = 'verify-upload' and state = 'running'"),
    SEALING("select count(*) from checkpoint where state = 'sealing'"),
    REGISTRATION("select count(*) from checkpoint where state = 'draft'"),
    RECORDS(
        "select count(*) from catalogue_change union all"
            + " select count(*) from catalogue_record where content is not null"),
    COLLECTION("select count(*) from gc_plan where state in ('marking', 'sweeping')"),
    REMOVAL("select count(*) from object_removal where due_at < now()"),
    ANYTHING("select 1");

    private final String shown;

    At(String shown) {
      this.shown = shown;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    database = new Database(folder.resolve("database"));
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("objects")));
    port = PeerProcess.freePort();
    management = PeerProcess.freePort();
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    s3.stop();
    database.close();
  }

  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    var settings = settings("postgres");
    var random = new SplittableRandom(SEED);
    service = CairnService.start(folder, settings, port, management);
    try (var work = new Work(new Client(service.url(), Duration.ofSeconds(60), true), SEED)) {
      killAndStartAgain(settings, work, random);
      work.check();
      // Nobody is at work any more: what nobody names can go.
      service.close();
      settings.put("CAIRN_GC_GRACE", "PT1S");
      settings.put("CAIRN_UPLOAD_EXPIRY", "PT1S");
      service = CairnService.start(folder, settings, port, management);
      settle(work);
      nothingIsLeft(work);
      nothingDangles(work.client());

      var before = Answers.of(service.url(), "");
      service.close();
      rebuild(random);
      try (var again = CairnService.start(folder, settings("rebuilt"))) {
        assertThat(Answers.of(again.url(), "")).isEqualTo(before);
      }
    }
  }

  private static void killAndStartAgain(
      Map<String, String> settings, Work work, SplittableRandom random) throws Exception {
    var killedAt = new EnumMap<At, Integer>(At.class);
    work.start();
    try (var _ = new Crowd(1, work::collect);
        var _ = new Crowd(1, () -> abandon(work))) {
      for (int kill = 0; kill < KILLS - OF_REBUILDS; kill++) {
        Thread.sleep(random.nextInt(800)); // some have time to get on
        var at = At.values()[random.nextInt(At.values().length)];
        killedAt.merge(killAt(at, MOMENT, settings, random) ? at : At.ANYTHING, 1, Integer::sum);
      }
      for (var at : EnumSet.complementOf(EnumSet.copyOf(killedAt.keySet()))) {
        assertThat(killAt(at, LONG, settings, random)).as("%s was met", at).isTrue();
        killedAt.put(at, 1);
      }
    }
    System.out.println("Killed at: " + killedAt + ", acknowledged " + work.acknowledged());
  }

  /** Whether it was at that when it was killed. */
  private static boolean killAt(
      At at, Duration longest, Map<String, String> settings, SplittableRandom random)
      throws Exception {
    if (at == At.REMOVAL) {
      removalsAreDue();
    }
    boolean met = awaitMoment(at, longest);
    Thread.sleep(random.nextInt(40));
    service.process().kill().awaitExit(LONG);
    service = CairnService.start(folder, settings, port, management);
    return met;
  }

  /** Somebody who never comes back. */
  private static void abandon(Work work) {
    work.abandonUpload();
    Work.pause(700);
  }

  private static boolean awaitMoment(At at, Duration longest)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    try (var connection = database.connect();
        var shown =
            connection.prepareStatement(
                "select coalesce(sum(n), 0) from (" + at.shown + ") as shown (n)")) {
      while (System.nanoTime() < end) {
        try (var rows = shown.executeQuery()) {
          rows.next();
          if (rows.getLong(1) > 0) {
            return true;
          }
        }
        Thread.sleep(2);
      }
    }
    return false;
  }

  /** Addresses that were given out for them may still be in use; nobody here uses those. */
  private static void removalsAreDue() {
    database.execute("update object_removal set due_at = now() - interval '1 second'");
  }

  /** Uploads that nobody goes on with expire, what nobody names is collected, jobs end. */
  private static void settle(Work work) {
    database.execute("update upload set expires_at = now() where state = 'open'");
    await(
        "no upload is open",
        LONG,
        () ->
            database.count(
                    "select count(*) from upload where state in ('open', 'verifying') or garbage")
                == 0);
    await(
        "jobs end",
        LONG,
        () ->
            database.count(
                    "select count(*) from job where state in ('queued', 'running') and kind <> 'collect-garbage'")
                == 0);
    assertThat(database.count("select count(*) from job where state = 'failed'")).isZero();
    await(
        "records are stored",
        LONG,
        () ->
            database.count(
                    "select (select count(*) from catalogue_change) + (select count(*) from catalogue_record where content is not null or gone)")
                == 0);
    await(
        "everything is collected",
        LONG,
        () -> {
          work.collect();
          removalsAreDue();
          return database.count(
                  """
                  select (select count(*) from object_removal) + (select count(*) from artifact a
                    where not exists (select 1 from checkpoint_file f where f.sha256 = a.sha256))
                  """)
              == 0;
        });
    assertThat(service.isReady()).isTrue();
    assertThat(work.client().faults()).isEmpty();
  }

  /** The bucket has what the catalogue names, and after some collections nothing else. */
  private static void nothingIsLeft(Work work) throws Exception {
    var named = new TreeSet<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select storage_key from artifact
                union all select stored_key from catalogue_record
                union all select 'documents/' || left(sha256, 2) || '/' || sha256 || '.json' from document
                union all
                select 'catalogue/' || p.name || '/' || r.name || '/checkpoints/' || c.manifest_sha256 || '.json'
                from checkpoint c join run r on r.id = c.run_id join project p on p.id = r.project_id
                where c.state = 'sealed'
                """)) {
      while (rows.next()) {
        named.add(rows.getString(1));
      }
    }
    long end = System.nanoTime() + LONG.toNanos();
    while (!stored().equals(named) && System.nanoTime() < end) {
      work.collect();
      removalsAreDue();
    }
    var left = stored();
    var lost = new TreeSet<>(named);
    lost.removeAll(left);
    left.removeAll(named);
    assertThat(lost).as("named, and not in the bucket").isEmpty();
    assertThat(left).as("in the bucket, and not named").isEmpty();
  }

  /** As files, so that parts of unfinished uploads show as well. */
  private static Set<String> stored() {
    var bucket = folder.resolve("objects/cairn");
    try (var files = Files.walk(bucket)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> bucket.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException | UncheckedIOException e) {
      return new TreeSet<>(); // a file went while its folder was read
    }
  }

  /** Every object that the catalogue names has the bytes that it names. */
  private static void nothingDangles(Client client) {
    var id = client.post("/v1/scrubs", "", "", 201).orElseThrow().json().path("id").asText();
    await("a pass", LONG, () -> pass(client, id).path("state").asText().equals("done"));
    var pass = pass(client, id);
    assertThat(pass.path("damaged").asLong() + pass.path("unreadable").asLong())
        .as(pass.toString())
        .isZero();
    assertThat(
            database.count(
                """
                select count(*) from checkpoint_file f join checkpoint c on c.id = f.checkpoint_id
                where c.state = 'sealed' and not exists (select 1 from artifact a where a.sha256 = f.sha256)
                """))
        .isZero();
  }

  private static JsonNode pass(Client client, String id) {
    return client.get("/v1/scrubs/" + id, 200).orElseThrow().json();
  }

  private static void rebuild(SplittableRandom random) throws Exception {
    database.execute("create database rebuilt");
    for (int kill = 0; kill < OF_REBUILDS; kill++) {
      try (var rebuild =
          CairnProcess.start(CairnProcess.LAUNCHER, folder, settings("rebuilt"), "rebuild")) {
        rebuild.awaitOutput("project:");
        Thread.sleep(random.nextInt(1_500));
        rebuild.kill().awaitExit(LONG);
      }
    }
    try (var rebuild =
        CairnProcess.start(CairnProcess.LAUNCHER, folder, settings("rebuilt"), "rebuild")) {
      assertThat(rebuild.awaitExit(LONG)).as(rebuild.output()).isZero();
    }
  }

  private static Map<String, String> settings(String name) {
    var settings = CairnService.settings(database.port(), s3.getPort());
    settings.put(
        "QUARKUS_DATASOURCE_JDBC_URL",
        "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + name);
    settings.put("CAIRN_JOBS_LEASE", "PT3S");
    settings.put("CAIRN_UPLOAD_SWEEP_EVERY", "2s");
    settings.put("CAIRN_GC_APPROVAL", "automatic");
    settings.put("CAIRN_GC_EVERY", "PT2S");
    settings.put("CAIRN_GC_GRACE", "PT40S");
    return settings;
  }
}
