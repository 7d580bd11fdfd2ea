package org.cairn.job;

import java.time.Duration;

/** How a run of a job ended. */
public sealed interface JobOutcome {

  JobOutcome SUCCEEDED = new Succeeded();

  /** It is done. */
  record Succeeded() implements JobOutcome {}

  /** It cannot be done, now or later; {@code reason} is for the client. */
  record Failed(String reason) implements JobOutcome {}

  /**
   * It cannot be done yet, which is not the job's fault: it is run again {@code after} that time,
   * without counting this run as an attempt.
   */
  record Retry(Duration after, String reason) implements JobOutcome {}
}
