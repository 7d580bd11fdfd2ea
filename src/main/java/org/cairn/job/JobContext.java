package org.cairn.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/** A running job, as its handler sees it. */
public interface JobContext {

  UUID id();

  /** What the job is about, as it was enqueued. */
  String subject();

  /** The parameters that it was enqueued with. */
  JsonNode payload();

  /** Says how far the job is. Costs nothing: what was said last is written once a second. */
  void progress(long done, long total);

  /**
   * Whether the handler should stop: somebody cancelled the job, or its lease went to another
   * runner. Learnt within about a second.
   */
  boolean cancelRequested();
}
