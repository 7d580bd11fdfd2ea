package org.cairn.artifact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How bytes are removed that nothing names. */
@ConfigMapping(prefix = "cairn.gc")
interface CollectionConfig {

  /** Who lets a plan be carried out. */
  enum Approval {
    /** An administrator, who has read it. */
    MANUAL,
    /** Nobody, where it holds nothing that the catalogue cannot account for. */
    AUTOMATIC
  }

  /** Pause between two collections; {@code PT0S} leaves them to {@code POST /v1/gc/plans}. */
  @WithDefault("P1D")
  @DurationMin(seconds = 0)
  Duration every();

  /**
   * How long bytes that nothing names are kept after somebody brought them or was told that they
   * need not be sent, and again after they were put into a plan.
   */
  @WithDefault("P7D")
  @DurationMin(seconds = 0)
  @DurationMax(days = 3650)
  Duration grace();

  /** {@code manual}: an administrator approves each plan; or {@code automatic}. */
  @WithDefault("manual")
  Approval approval();
}
