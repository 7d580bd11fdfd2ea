package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What the service says in its metrics about all verifications so far.
 *
 * @param assembling seconds in which the store made objects of parts
 * @param hashing seconds in which the service read and hashed them
 */
record VerificationTimes(double assembling, double hashing) {

  static VerificationTimes read(URI management) throws IOException {
    try (var body = management.resolve("/q/metrics").toURL().openStream()) {
      var metrics = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      return new VerificationTimes(sum(metrics, "assembling"), sum(metrics, "hashing"));
    }
  }

  VerificationTimes since(VerificationTimes before) {
    return new VerificationTimes(assembling - before.assembling, hashing - before.hashing);
  }

  private static double sum(String metrics, String phase) throws IOException {
    var line =
        Pattern.compile("(?m)^cairn_verification_" + phase + "_seconds_sum(?:\\{.*?})? (\\S+)$")
            .matcher(metrics);
    if (!line.find()) {
      throw new IOException("no metric of " + phase);
    }
    return Double.parseDouble(line.group(1));
  }
}
