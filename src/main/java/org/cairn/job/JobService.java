package org.cairn.job;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/** The queue, for those who fill it and those who watch it. */
@ApplicationScoped
public class JobService {

  private final JobRepository jobs;
  private final JobQueries queries;
  private final Event<JobDue> due;

  JobService(JobRepository jobs, JobQueries queries, Event<JobDue> due) {
    this.jobs = jobs;
    this.queries = queries;
    this.due = due;
  }

  /**
   * Enqueues a job in the caller's transaction: it exists if and only if that commits, and is begun
   * right after.
   *
   * @param kind which {@link JobHandler} does it
   * @param subject what it is about, for people
   * @param payload the handler's parameters
   * @param total how much there is to do, in units of the kind
   */
  @Transactional(TxType.MANDATORY)
  public UUID enqueue(String kind, String subject, JsonNode payload, long total) {
    var id = UUID.randomUUID();
    jobs.insert(id, kind, subject, payload, total);
    due.fire(new JobDue());
    return id;
  }

  /**
   * As {@link #enqueue}, to be begun after a while, unless a job of this kind and subject waits to
   * be begun already: what it will do is then as good.
   */
  @Transactional(TxType.MANDATORY)
  public void enqueueOnce(String kind, String subject, JsonNode payload, Duration after) {
    jobs.insertUnlessQueued(UUID.randomUUID(), kind, subject, payload, after);
  }

  /** Reads a job. */
  public JobView get(UUID id) {
    return queries.byId(id).orElseThrow(() -> RegistryException.notFound("job", id));
  }

  /** How many jobs wait or run. */
  public long unfinished() {
    return queries.unfinished();
  }

  PageView<JobView> list(
      PageToken.Newest from, @Nullable JobState state, @Nullable String kind, int size) {
    return PageView.of(
        queries.newestBefore(from, state, kind, size + 1),
        size,
        job -> job,
        job -> PageToken.of(job.createdAt(), job.id()));
  }

  /**
   * Asks for a job to be stopped; one that has ended is left as it is.
   *
   * @return the job, which may be running a little longer
   */
  @Transactional
  public JobView cancel(UUID id) {
    jobs.requestCancel(id);
    due.fire(new JobDue());
    return get(id);
  }

  /** Forgets jobs that ended longer ago than {@code age}; up to {@code limit} of them. */
  @Transactional
  int purge(Duration age, int limit) {
    return jobs.purge(age, limit);
  }
}
