package org.cairn.xet;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens with which clients send pieces: whoever may write to a repository gets one, good for a
 * time. It says nothing of whose it is, as the address of a session is known to its client alone;
 * and clients go on with the address of their first token when they have a newer one.
 */
@ApplicationScoped
public class XetTokens {

  private static final String MAC = "HmacSHA256";

  /** Seconds since 1970 until which it is good, and what signs them. */
  private static final Pattern TOKEN = Pattern.compile("Bearer (\\d{1,12})\\.([0-9a-f]{64})");

  private final DataSource database;
  private final Clock clock;
  private volatile @Nullable SecretKey key;

  XetTokens(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A token that is good until {@code end}. */
  public String issue(Instant end) {
    var seconds = String.valueOf(end.getEpochSecond());
    return seconds + "." + HexFormat.of().formatHex(signature(seconds));
  }

  /** Refuses who brings no token that is good now. */
  void require(@Nullable String authorization) {
    var token = TOKEN.matcher(authorization == null ? "" : authorization);
    if (!token.matches()
        || !MessageDigest.isEqual(
            signature(token.group(1)), HexFormat.of().parseHex(token.group(2)))
        || Long.parseLong(token.group(1)) < clock.instant().getEpochSecond()) {
      throw new RegistryException(
          ProblemType.UNAUTHENTICATED,
          "Pieces are sent with the token that xet-write-token answered, until it expires");
    }
  }

  private byte[] signature(String text) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(key());
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(MAC + " is part of every Java platform", e);
    }
  }

  private SecretKey key() {
    var known = key;
    return known == null ? readKey() : known;
  }

  /** On a connection of its own, which is not held while pieces are sent. */
  private SecretKey readKey() {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement("select key from xet_key");
        var row = statement.executeQuery()) {
      row.next();
      var read = new SecretKeySpec(row.getBytes(1), MAC);
      key = read;
      return read;
    } catch (SQLException e) {
      throw new IllegalStateException("What signs tokens cannot be read", e);
    }
  }
}
