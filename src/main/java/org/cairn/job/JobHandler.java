package org.cairn.job;

/**
 * Does the jobs of one kind; found as a CDI bean. A job may be run more than once, by any replica:
 * after a crash, a lost lease or a shutdown it begins anew. Handlers therefore look first at what
 * is done already.
 */
public interface JobHandler {

  /** Name of the kind, such as {@code verify-upload}; stored, so never changed. */
  String kind();

  /**
   * Does the job. An exception means: again, after a back-off, up to {@code cairn.jobs.attempts}
   * times. The thread is interrupted when the service stops; the job then goes back to the queue,
   * whatever this method does.
   */
  JobOutcome run(JobContext job) throws Exception;

  /**
   * The job is about to end without having succeeded: it failed, was cancelled, or its workers were
   * lost again and again. Called at least once before the job's state says so.
   */
  default void gaveUp(JobContext job, String reason) {}
}
