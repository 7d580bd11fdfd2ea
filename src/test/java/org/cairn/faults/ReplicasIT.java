package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.CairnProcess.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.CairnService;
import org.cairn.testsupport.S3Resource;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three replicas over one database and one bucket, with clients at each of them. One is killed
 * under load: its clients go on at another, and what it was at is taken over.
 */
@Tag("conformance")
class ReplicasIT {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final long SEED = 3;

  @TempDir static Path folder;
  private static Database database;
  private static S3Proxy s3;

  @BeforeAll
  static void start() throws Exception {
    database = new Database(folder.resolve("database"));
    s3 = S3Resource.start(Files.createDirectory(folder.resolve("objects")));
  }

  @AfterAll
  static void stop() throws Exception {
    s3.stop();
    database.close();
  }

  @Test
  void theWorkOfAKilledOneIsTakenOver() throws Exception {
    var replicas = new ArrayList<CairnService>();
    var works = new ArrayList<Work>();
    try {
      for (int i = 0; i < 3; i++) {
        replicas.add(CairnService.start(folder, settings()));
        works.add(new Work(new Client(replicas.getLast().url(), BOUND, i == 0), SEED + i));
      }
      writeDownClaims();
      works.forEach(Work::start);
      try (var _ = new Crowd(1, works.getLast()::collect)) {
        await("everybody works", LONG, () -> works.stream().allMatch(w -> w.acknowledged() > 10));
        long killed = killAtWork(replicas.getFirst());
        works.getFirst().client().moveTo(replicas.get(1).url());
        var before = works.stream().map(Work::acknowledged).toList();
        await(
            "everybody goes on",
            LONG,
            () -> {
              for (int i = 0; i < works.size(); i++) {
                if (works.get(i).acknowledged() < before.get(i) + 10) {
                  return false;
                }
              }
              return true;
            });
        works.forEach(Work::close);
        works.forEach(Work::check);
        await(
            "jobs end",
            LONG,
            () ->
                database.count(
                        "select count(*) from job where state in ('queued', 'running')"
                            + " and kind <> 'collect-garbage'")
                    == 0);
        assertThat(database.count("select count(*) from job where state = 'failed'")).isZero();
        everyJobRanOnce(killed);
        for (var replica : replicas) {
          var pid = replica.process().handle().pid();
          assertThat(database.count("select count(*) from claim where pid = " + pid)).isPositive();
        }
        assertThat(database.count("select count(*) from gc_plan where state = 'done'"))
            .isPositive();
        aNewerVersionIsRolledOut();
        replicas.set(0, CairnService.start(folder, settings()));
        everybodyAnswersTheSame(replicas, works.getFirst());
      }
    } finally {
      works.forEach(Work::close);
      replicas.forEach(CairnService::close);
    }
  }

  private static Map<String, String> settings() {
    var settings = CairnService.settings(database.port(), s3.getPort());
    settings.put("CAIRN_JOBS_LEASE", "PT3S");
    settings.put("CAIRN_GC_APPROVAL", "automatic");
    settings.put("CAIRN_GC_GRACE", "PT10S");
    // The database of the test has forty connections for all of them.
    settings.put("QUARKUS_DATASOURCE_JDBC_MAX_SIZE", "11");
    return settings;
  }

  /** The database writes down which process takes which job; leases begin with its number. */
  private static void writeDownClaims() {
    database.execute(
        """
        create table claim (id bigserial, job uuid, kind text, pid bigint);
        create function write_down_claim() returns trigger language plpgsql as $$
        begin
          insert into claim (job, kind, pid)
            values (new.id, new.kind, split_part(new.lease_owner, '-', 1)::bigint);
          return null;
        end $$;
        create trigger claimed after update on job for each row
          when (new.attempts > old.attempts) execute function write_down_claim();
        """);
  }

  /** It has changed the schema already, and replicas of this version are still started. */
  private static void aNewerVersionIsRolledOut() {
    database.execute(
        """
        insert into flyway_schema_history (installed_rank, version, description, type, script,
          installed_by, execution_time, success)
        values (1000, '1000', 'of the next version', 'SQL', 'V1000__next.sql', 'test', 1, true)
        """);
  }

  /** Answers the number of its process. */
  private static long killAtWork(CairnService replica) {
    long pid = replica.process().handle().pid();
    var atWork =
        "select count(*) from job where state = 'running' and kind <> 'collect-garbage'"
            + " and lease_owner like '"
            + pid
            + "-%'";
    await(
        "it is at work",
        LONG,
        () -> {
          signal(replica, "-STOP");
          Work.pause(100); // what it has said arrives
          if (database.count(atWork) > 0) {
            return true;
          }
          signal(replica, "-CONT");
          return false;
        });
    replica.process().kill().awaitExit(LONG);
    return pid;
  }

  private static void signal(CairnService replica, String name) {
    try {
      Signals.send(name, List.of(replica.process().handle()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Only what a replica was at when it was killed is begun again, by another. */
  private static void everyJobRanOnce(long killed) {
    // A collection is put off while its grace runs, and then taken by anybody.
    var twice =
        """
        from claim before where kind <> 'collect-garbage'
        and exists (select 1 from claim after where after.job = before.job and after.id > before.id)
        """;
    assertThat(database.count("select count(*) " + twice + " and pid <> " + killed)).isZero();
    assertThat(database.count("select count(*) " + twice)).isPositive();
  }

  private static void everybodyAnswersTheSame(List<CairnService> replicas, Work work) {
    var lists =
        replicas.stream()
            .map(replica -> {
              work.client().moveTo(replica.url());
              return work.client()
                  .get(work.run() + "/checkpoints?pageSize=1000", 200)
                  .orElseThrow();
            })
            .map(answer -> answer.json())
            .toList();
    assertThat(lists).allMatch(lists.getFirst()::equals);
  }
}
