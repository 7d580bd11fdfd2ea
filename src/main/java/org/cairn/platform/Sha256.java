package org.cairn.platform;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 digest: 64 lower-case hexadecimal digits on the wire and in the database. */
public record Sha256(@JsonValue String hex) {

  /** The grammar of {@link #hex}. */
  public static final String REGEX = "[0-9a-f]{64}";

  private static final Pattern PATTERN = Pattern.compile(REGEX);

  public Sha256 {
    if (!PATTERN.matcher(hex).matches()) {
      throw new IllegalArgumentException("a SHA-256 is 64 lower-case hexadecimal digits");
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Sha256 parse(String hex) {
    return new Sha256(hex);
  }

  /** The digest that {@code digest} has gathered so far; resets it. */
  public static Sha256 of(MessageDigest digest) {
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }

  public static Sha256 of(byte[] bytes) {
    var digest = newDigest();
    digest.update(bytes);
    return of(digest);
  }

  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
