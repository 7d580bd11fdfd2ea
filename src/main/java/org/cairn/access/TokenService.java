package org.cairn.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;
import org.jspecify.annotations.Nullable;

/** The rules of tokens. */
@ApplicationScoped
class TokenService {

  private final TokenRepository repository;
  private final Tokens tokens;
  private final Access access;
  private final Clock clock;

  TokenService(TokenRepository repository, Tokens tokens, Access access, Clock clock) {
    this.repository = repository;
    this.tokens = tokens;
    this.access = access;
    this.clock = clock;
  }

  TokenView create(CreateTokenRequest request) {
    if (request.name().equalsIgnoreCase(Tokens.ADMINISTRATOR)) {
      throw RegistryException.invalid("name", "is that of the token in the configuration");
    }
    boolean administrator = Boolean.TRUE.equals(request.administrator());
    var grants = Objects.requireNonNullElse(request.grants(), List.<Grant>of());
    if (administrator == !grants.isEmpty()) {
      throw RegistryException.invalid(
          "grants", "has at least one entry; or none, and administrator is true");
    }
    var now = clock.instant();
    if (request.expiresAt() != null && !request.expiresAt().isAfter(now)) {
      throw RegistryException.invalid("expiresAt", "is a time to come");
    }
    var secret = Secret.random();
    var token =
        new AccessToken(
            UUID.randomUUID(),
            request.name(),
            administrator,
            grants,
            now,
            request.expiresAt(),
            null);
    if (!repository.insert(token, Secret.hash(secret))) {
      throw RegistryException.conflict("This token name exists already");
    }
    tokens.forget();
    audit("made", token);
    return TokenView.of(token, secret);
  }

  PageView<TokenView> list(@Nullable String pageToken, int size) {
    var rows = repository.newestBefore(PageToken.newest(pageToken), size + 1);
    return PageView.of(
        rows,
        size,
        token -> TokenView.of(token, null),
        token -> PageToken.of(token.createdAt(), token.id()));
  }

  void revoke(String name) {
    var revoked =
        (Names.isSlug(name)
                ? repository.revoke(name, clock.instant())
                : java.util.Optional.<AccessToken>empty())
            .orElseThrow(() -> RegistryException.notFound("token", name));
    tokens.forget();
    audit("revoked", revoked);
  }

  private void audit(String what, AccessToken token) {
    Access.AUDIT.infof(
        "%s token %s, %s, by %s",
        what,
        token.name(),
        token.administrator() ? "administrator" : token.grants(),
        access.name().orElse("nobody"));
  }
}
