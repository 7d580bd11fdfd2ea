package org.cairn.platform;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-1, as 40 lower-case hexadecimal digits: the names that Git and the Hub give to content.
 * Nothing is trusted because of one; what is trusted has a {@link Sha256}.
 */
public final class Sha1 {

  private Sha1() {}

  public static String of(String text) {
    var digest = newDigest();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return of(digest);
  }

  /** What {@code digest} has gathered so far; resets it. */
  public static String of(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
