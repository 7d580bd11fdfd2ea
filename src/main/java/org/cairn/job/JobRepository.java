package org.cairn.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The queue in SQL. Each method is one statement; inside a transaction it takes part in that. All
 * times are the database's, so that replicas need not agree on theirs.
 */
@ApplicationScoped
class JobRepository {

  /** Longest failure kept, in characters. */
  private static final int FAILURE_MAX = 2_000;

  private static final String LEASED =
      " returning id, kind, subject, payload, lease_owner, attempts, cancel_requested, done, total,"
          + " failure";

  private final Statements statements;
  private final ObjectMapper json;

  JobRepository(Statements statements, ObjectMapper json) {
    this.statements = statements;
    this.json = json;
  }

  void insert(UUID id, String kind, String subject, JsonNode payload, long total) {
    statements.update(
        """
        insert into job (id, kind, subject, payload, state, done, total, attempts, run_after, created_at)
        values (?, ?, ?, ?::jsonb, 'queued', 0, ?, 0, now(), now())
        """,
        id,
        kind,
        subject,
        payload.toString(),
        total);
  }

  /**
   * A job that waits is held as it is until the transaction ends: were it begun before, it would
   * not see what this transaction writes.
   */
  void insertUnlessQueued(UUID id, String kind, String subject, JsonNode payload, Duration after) {
    statements.update(
        """
        with waiting as (
          select 1 from job where kind = ? and subject = ? and state = 'queued' for share)
        insert into job (id, kind, subject, payload, state, done, total, attempts, run_after, created_at)
        select ?, ?, ?, ?::jsonb, 'queued', 0, 0, 0, now() + ? * interval '1 millisecond', now()
        where not exists (select 1 from waiting)
        """,
        kind,
        subject,
        id,
        kind,
        subject,
        payload.toString(),
        after.toMillis());
  }

  /**
   * Leases up to {@code limit} jobs that are due, the longest due first. What was to wait since a
   * time that is yet to come, or until one that nobody waits for, was put off before the clock was
   * set back.
   */
  List<LeasedJob> claim(String owner, Collection<String> kinds, int limit, Duration lease) {
    return statements.query(
        """
        update job set state = 'running', attempts = attempts + 1,
          lease_owner = ? || '/' || gen_random_uuid(),
          lease_until = clock_timestamp() + ? * interval '1 millisecond',
          started_at = coalesce(started_at, clock_timestamp())
        where id in (
          select id from job
          where state = 'queued' and kind = any (?)
            and (run_after <= clock_timestamp()
              or created_at > clock_timestamp() + interval '1 minute'
              or started_at is not null and run_after > clock_timestamp() + interval '1 hour')
          order by run_after limit ? for update skip locked)
        """
            + LEASED,
        this::leased,
        owner,
        lease.toMillis(),
        kinds.toArray(String[]::new),
        limit);
  }

  /** The leases of running jobs, those that end first. */
  List<HeldLease> held(Collection<String> kinds, int limit) {
    return statements.query(
        """
        select id, lease_owner, lease_until::text, lease_until < clock_timestamp() from job
        where state = 'running' and kind = any (?) order by lease_until limit ?
        """,
        row ->
            new HeldLease(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4)),
        kinds.toArray(String[]::new),
        limit);
  }

  /** Leases these jobs, unless somebody else did or the runner is well after all. */
  List<LeasedJob> takeOver(String owner, Collection<HeldLease> silent, Duration lease) {
    return statements.query(
        """
        update job set attempts = attempts + 1,
          lease_owner = ? || '/' || gen_random_uuid(),
          lease_until = clock_timestamp() + ? * interval '1 millisecond'
        where id in (
          select job.id from job
          join unnest(?::uuid[], ?::text[], ?::text[]) as silent (id, lease, until)
            on job.id = silent.id and job.lease_owner = silent.lease
              and job.lease_until = silent.until::timestamptz
          where job.state = 'running' for update of job skip locked)
        """
            + LEASED,
        this::leased,
        owner,
        lease.toMillis(),
        silent.stream().map(HeldLease::job).toArray(UUID[]::new),
        silent.stream().map(HeldLease::lease).toArray(String[]::new),
        silent.stream().map(HeldLease::until).toArray(String[]::new));
  }

  /**
   * Renews leases and writes progress. Answers whether each job is to be cancelled; a job that is
   * not in the answer belongs to somebody else now.
   */
  Map<UUID, Boolean> renew(Collection<RunningJob> running, Duration lease) {
    var kept = new HashMap<UUID, Boolean>();
    var _ =
        statements.query(
            """
            update job set done = mine.done, total = mine.total,
              lease_until = clock_timestamp() + ? * interval '1 millisecond'
            from unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[])
              as mine (id, lease, done, total)
            where job.id = mine.id and job.lease_owner = mine.lease and job.state = 'running'
            returning job.id, job.cancel_requested
            """,
            row -> kept.put(row.getObject(1, UUID.class), row.getBoolean(2)),
            lease.toMillis(),
            running.stream().map(RunningJob::id).toArray(UUID[]::new),
            running.stream().map(RunningJob::lease).toArray(String[]::new),
            running.stream().map(RunningJob::done).toArray(Long[]::new),
            running.stream().map(RunningJob::total).toArray(Long[]::new));
    return kept;
  }

  /** Ends a job, if it is still this runner's. */
  boolean finish(RunningJob job, JobState state, @Nullable String failure) {
    return statements.update(
            """
            update job set state = ?, failure = ?, done = ?, total = ?,
              finished_at = clock_timestamp(), lease_owner = null, lease_until = null
            where id = ? and lease_owner = ? and state = 'running'
            """,
            state.text(),
            bounded(failure),
            job.done(),
            job.total(),
            job.id(),
            job.lease())
        == 1;
  }

  /** Puts a job back into the queue, if it is still this runner's. */
  boolean requeue(RunningJob job, Duration after, boolean counts, @Nullable String failure) {
    return statements.update(
            """
            update job set state = 'queued', attempts = attempts - ?,
              failure = coalesce(?, failure), lease_owner = null, lease_until = null,
              run_after = clock_timestamp() + ? * interval '1 millisecond'
            where id = ? and lease_owner = ? and state = 'running'
            """,
            counts ? 0 : 1,
            bounded(failure),
            after.toMillis(),
            job.id(),
            job.lease())
        == 1;
  }

  /** Asks for a job to be stopped; a queued one becomes due, for a runner to end it. */
  void requestCancel(UUID id) {
    statements.update(
        """
        update job set cancel_requested = true, run_after = least(run_after, now())
        where id = ? and state in ('queued', 'running')
        """,
        id);
  }

  /** Deletes up to {@code limit} jobs that ended longer ago than {@code age}. */
  int purge(Duration age, int limit) {
    return statements.update(
        """
        delete from job where id in (
          select id from job
          where finished_at < now() - ? * interval '1 millisecond' limit ? for update skip locked)
        """,
        age.toMillis(),
        limit);
  }

  private LeasedJob leased(ResultSet row) throws SQLException {
    return new LeasedJob(
        row.getObject("id", UUID.class),
        row.getString("kind"),
        row.getString("subject"),
        parsed(row.getString("payload")),
        row.getString("lease_owner"),
        row.getInt("attempts"),
        row.getBoolean("cancel_requested"),
        row.getLong("done"),
        row.getLong("total"),
        row.getString("failure"));
  }

  private JsonNode parsed(String payload) {
    try {
      return json.readTree(payload);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored payload does not parse", e);
    }
  }

  private static @Nullable String bounded(@Nullable String failure) {
    return failure == null || failure.length() <= FAILURE_MAX
        ? failure
        : failure.substring(0, FAILURE_MAX) + "...";
  }
}
