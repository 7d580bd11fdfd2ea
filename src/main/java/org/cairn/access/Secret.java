package org.cairn.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.cairn.platform.Sha256;

/** What tokens look like. */
final class Secret {

  private static final String PREFIX = "hf_"; // the Hub's JavaScript client takes no others
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 62 to the power of 40 is more than 2 to the power of 238. */
  private static final int LENGTH = 40;

  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[0-9A-Za-z]{" + LENGTH + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secret() {}

  static String random() {
    var secret = new StringBuilder(PREFIX);
    for (int i = 0; i < LENGTH; i++) {
      secret.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
    }
    return secret.toString();
  }

  /** Whether {@code token} could have been made here, so that it is worth a look. */
  static boolean isShaped(String token) {
    return SHAPE.matcher(token).matches();
  }

  static Sha256 hash(String token) {
    return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
