package org.cairn.artifact;

import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;

/** Digests in addresses, where no JSON reader checks them. */
final class Digests {

  private Digests() {}

  /** Reads a digest; a problem names {@code field}. */
  static Sha256 parse(String field, String hex) {
    try {
      return new Sha256(hex);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalid(field, "is not 64 lower-case hexadecimal digits");
    }
  }
}
