package org.cairn.job;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How this replica works on jobs. */
@ConfigMapping(prefix = "cairn.jobs")
interface JobsConfig {

  /** Jobs run at a time; 0 leaves all work to other replicas. */
  @WithDefault("4")
  @Min(0)
  int workers();

  /** Time after which the jobs of a replica that fell silent are taken over. */
  @WithDefault("PT1M")
  @DurationMin(seconds = 1)
  Duration lease();

  /** Pause between two looks at the queue; jobs of this replica are begun at once. */
  @WithDefault("PT0.5S")
  Duration poll();

  /** Runs that may end in an error, or with the loss of the worker, before a job fails. */
  @WithDefault("12")
  int attempts();

  /** Pause after the first error; doubles with each further one. */
  @WithDefault("PT1S")
  Duration backoff();

  /** Longest pause between two attempts. */
  @WithDefault("PT5M")
  Duration backoffLimit();

  /** How long finished jobs are kept for reading. */
  @WithDefault("P30D")
  Duration keep();
}
