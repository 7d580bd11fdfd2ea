package org.cairn.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Who may do what without a token, and the token of the first administrator. */
@ConfigMapping(prefix = "cairn.access")
interface AccessConfig {

  /** What somebody without a token may do. */
  enum Anonymous {
    /** Read and write what is public. */
    WRITE,
    /** Read what is public. */
    READ,
    /** Nothing. */
    NONE
  }

  /**
   * What somebody without a valid token may do with what is not private: {@code write} (which
   * includes reading), {@code read}, or {@code none}.
   */
  @WithDefault("write")
  Anonymous anonymous();

  /**
   * Token of the first administrator, at least 32 characters, who makes all other tokens. Clients
   * of the Hub take only tokens that begin with {@code hf_}.
   */
  Optional<String> adminToken();
}
