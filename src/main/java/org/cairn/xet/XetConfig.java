package org.cairn.xet;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What clients of the Hub send in pieces. */
@ConfigMapping(prefix = "cairn.xet")
interface XetConfig {

  /** How long after the last piece of an upload its pieces are dropped. */
  @WithDefault("PT6H")
  @DurationMin(seconds = 1)
  Duration expiry();

  /** Pause between two sweeps of pieces that nobody needs any more. */
  @WithDefault("10m")
  String sweepEvery();
}
