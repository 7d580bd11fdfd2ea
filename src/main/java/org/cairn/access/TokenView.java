package org.cairn.access;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A token as administrators see it. */
record TokenView(
    String name,
    boolean administrator,
    List<Grant> grants,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Schema(description = "The secret: in the answer that made it, and never again")
        @Nullable String secret) {

  static TokenView of(AccessToken token, @Nullable String secret) {
    return new TokenView(
        token.name(),
        token.administrator(),
        token.grants(),
        token.createdAt(),
        token.expiresAt(),
        token.revokedAt(),
        secret);
  }

  /** Records print what they hold, and this one may hold a secret. */
  @Override
  public String toString() {
    return "token " + name;
  }
}
