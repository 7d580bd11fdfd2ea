package org.cairn.artifact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How bytes get from clients to the store and back. */
@ConfigMapping(prefix = "cairn.transfer")
interface TransferConfig {

  /** The ways of the bytes. */
  enum Mode {
    /** Clients talk to the store, by presigned URL. */
    PRESIGNED,
    /** All bytes go through this service: for networks where clients cannot reach the store. */
    PROXIED
  }

  /** {@code presigned}, or {@code proxied} where clients cannot reach the store. */
  @WithDefault("presigned")
  Mode mode();

  /** How long a presigned URL works; at most seven days, the limit of S3. */
  @WithDefault("PT15M")
  @DurationMin(seconds = 1)
  @DurationMax(days = 7)
  Duration urlLife();
}
