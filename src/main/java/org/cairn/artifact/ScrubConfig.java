package org.cairn.artifact;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How stored objects are read again, to find those that rotted. */
@ConfigMapping(prefix = "cairn.scrub")
interface ScrubConfig {

  /**
   * Time from the beginning of one pass over all objects to that of the next; {@code PT0S} leaves
   * them to {@code POST /v1/scrubs}.
   */
  @WithDefault("P30D")
  @DurationMin(seconds = 0)
  Duration every();

  /** Bytes that are read in a second, by all replicas together; 0 for as many as possible. */
  @WithDefault("20M")
  MemorySize rate();
}
