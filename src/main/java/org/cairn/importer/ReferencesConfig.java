package org.cairn.importer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;

/** How hosts are asked about what releases say that they have. */
@ConfigMapping(prefix = "cairn.references")
interface ReferencesConfig {

  /** Time from one question about an address to the next; {@code PT0S} for asking never. */
  @WithDefault("P7D")
  @DurationMin(seconds = 0)
  Duration probeEvery();

  /** Addresses that each replica asks about in a second. */
  @WithDefault("2")
  @Min(1)
  @Max(1_000)
  int probeRate();

  /**
   * {@code host:port} of hosts that are asked though they are in no public network, such as another
   * registry of the same house, separated by commas.
   */
  Optional<Set<String>> trustedHosts();
}
