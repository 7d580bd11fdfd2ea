package org.cairn.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/** A job that a worker of this replica runs: what its handler says and is told. */
final class RunningJob implements JobContext {

  /** Both at once, so that nobody reads the one of now with the other of before. */
  private record Progress(long done, long total) {}

  private final LeasedJob job;
  private volatile Progress progress;
  private volatile boolean cancelRequested;
  private volatile boolean lost;

  RunningJob(LeasedJob job) {
    this.job = job;
    this.progress = new Progress(job.done(), job.total());
    this.cancelRequested = job.cancelRequested();
  }

  LeasedJob job() {
    return job;
  }

  String lease() {
    return job.lease();
  }

  long done() {
    return progress.done();
  }

  long total() {
    return progress.total();
  }

  /** Somebody cancelled it. */
  boolean cancelled() {
    return cancelRequested;
  }

  void cancel() {
    cancelRequested = true;
  }

  /** Another runner has it now. */
  void lose() {
    lost = true;
  }

  @Override
  public UUID id() {
    return job.id();
  }

  @Override
  public String subject() {
    return job.subject();
  }

  @Override
  public JsonNode payload() {
    return job.payload();
  }

  @Override
  public void progress(long done, long total) {
    progress = new Progress(done, total);
  }

  @Override
  public boolean cancelRequested() {
    return cancelRequested || lost;
  }
}
