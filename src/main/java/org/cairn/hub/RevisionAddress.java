package org.cairn.hub;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Names;

/**
 * One way to read the end of an address, {@code {revision}/{path}}. Python percent-encodes the
 * slashes of a revision, JavaScript does not, so that only what there is tells where it ends.
 *
 * @param name of the revision, without {@code refs/heads/} or {@code refs/tags/} before it
 * @param path without a slash at its end; empty for all files
 */
record RevisionAddress(String name, String path) {

  /** Most parts of a name that comes with its slashes. */
  private static final int PARTS = 12;

  private static final Pattern REFERENCE = Pattern.compile("refs/(?:heads|tags)/(.+)");

  /**
   * The ways to read it, the shortest name first.
   *
   * @param raw as it was sent, percent-encoded
   */
  static List<RevisionAddress> parse(String raw) {
    var encoded = raw.split("/");
    var parts = decoded(encoded);
    // All of refs/pr/1 is one name.
    int shortest = encoded[0].equals("refs") ? Math.min(3, encoded.length) : 1;
    int longest = parts.getFirst().indexOf('/') >= 0 ? 1 : Math.min(PARTS, parts.size());
    var ways = new ArrayList<RevisionAddress>();
    for (int i = shortest; i <= longest; i++) {
      var name = String.join("/", parts.subList(0, i));
      if (name.isEmpty() || name.length() > Names.LABEL_MAX + 20) {
        continue;
      }
      var reference = REFERENCE.matcher(name);
      ways.add(
          new RevisionAddress(
              reference.matches() ? reference.group(1) : name,
              withoutEnd(String.join("/", parts.subList(i, parts.size())))));
    }
    if (ways.isEmpty()) {
      throw HubException.revisionNotFound(parts.getFirst());
    }
    return ways;
  }

  /**
   * The name that an address ends with, without a path behind it.
   *
   * @param raw as it was sent, percent-encoded
   */
  static String whole(String raw) {
    return parse(raw).stream()
        .filter(way -> way.path().isEmpty())
        .findFirst()
        .map(RevisionAddress::name)
        .orElseThrow(() -> HubException.revisionNotFound(raw));
  }

  private static List<String> decoded(String[] encoded) {
    try {
      var parts = Arrays.stream(encoded).map(RevisionAddress::decode).toList();
      if (!parts.isEmpty() && JsonLimits.faultOfText(String.join("", parts)).isEmpty()) {
        return parts;
      }
    } catch (IllegalArgumentException e) {
      throw unreadable();
    }
    throw unreadable();
  }

  private static HubException unreadable() {
    return new HubException(400, "The address cannot be read");
  }

  /** A plus sign means itself in a path. */
  private static String decode(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String withoutEnd(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
