package org.cairn.artifact;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of uploads. */
@ConfigMapping(prefix = "cairn.upload")
interface UploadConfig {

  /**
   * Size of a part, at least 5M; larger where an artifact would otherwise have more than 10,000.
   */
  @WithDefault("16M")
  MemorySize partSize();

  /** How long after the last sign of its client an upload is dropped. */
  @WithDefault("P7D")
  Duration expiry();

  /** Size of the largest artifact. */
  @WithDefault("5T")
  MemorySize maxSize();

  /**
   * Pause between two sweeps of expired uploads, of what failed ones left in the store and of
   * collected objects.
   */
  @WithDefault("10m")
  String sweepEvery();
}
