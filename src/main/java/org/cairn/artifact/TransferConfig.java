package org.cairn.artifact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

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

  /** How long a presigned URL works. */
  @WithDefault("PT15M")
  Duration urlLife();
}
