package org.cairn.access;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A token as it is stored: all but its secret, which nobody has but whom it was shown. */
record AccessToken(
    UUID id,
    String name,
    boolean administrator,
    List<Grant> grants,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt) {

  AccessToken {
    grants = List.copyOf(grants);
  }

  boolean isValid(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  Caller caller() {
    return new Caller(name, administrator, grants);
  }
}
