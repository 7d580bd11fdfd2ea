package org.cairn.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Whose a token is. What was found is remembered for a few seconds, so that a download of many
 * ranges asks the database once; for so long, other replicas take a token that was revoked.
 */
@ApplicationScoped
class Tokens {

  /** How the first administrator is called; no stored token can be. */
  static final String ADMINISTRATOR = "administrator";

  static final Duration REMEMBERED = Duration.ofSeconds(5);

  /** Enough for everybody who is at work at a time; strangers who try tokens fill it too. */
  private static final int MOST = 10_000;

  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([\\x21-\\x7e]{1,512})");

  private final TokenRepository repository;
  private final Clock clock;
  private final @Nullable Sha256 administrator;
  private final Map<Sha256, Found> found = new ConcurrentHashMap<>();

  private record Found(Optional<AccessToken> token, Instant until) {}

  Tokens(TokenRepository repository, AccessConfig config, Clock clock) {
    this.repository = repository;
    this.clock = clock;
    this.administrator = config.adminToken().map(Secret::hash).orElse(null);
  }

  /** Who sends this header; null where the token in it is none. */
  @Nullable Caller caller(String authorization) {
    var bearer = BEARER.matcher(authorization.strip());
    if (!bearer.matches()) {
      return null;
    }
    var secret = bearer.group(1);
    var hash = Secret.hash(secret);
    if (administrator != null && MessageDigest.isEqual(hash.bytes(), administrator.bytes())) {
      return new Caller(ADMINISTRATOR, true, List.of());
    }
    if (!Secret.isShaped(secret)) {
      return null;
    }
    var now = clock.instant();
    return find(hash, now)
        .filter(token -> token.isValid(now))
        .map(AccessToken::caller)
        .orElse(null);
  }

  private Optional<AccessToken> find(Sha256 hash, Instant now) {
    var known = found.get(hash);
    if (known != null && now.isBefore(known.until())) {
      return known.token();
    }
    if (found.size() >= MOST) {
      found.clear();
    }
    var token = repository.bySecret(hash);
    found.put(hash, new Found(token, now.plus(REMEMBERED)));
    return token;
  }

  /** What was remembered is not true any more. */
  void forget() {
    found.clear();
  }
}
