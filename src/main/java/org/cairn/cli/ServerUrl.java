package org.cairn.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The address of a registry, and the addresses below it. */
record ServerUrl(String base) {

  static final String ENVIRONMENT = "CAIRN_URL";
  static final String DEFAULT = "http://127.0.0.1:8080";

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /** What the option says, else the environment, else this machine. */
  static ServerUrl of(@Nullable String option) {
    var environment = System.getenv(ENVIRONMENT);
    if (option != null) {
      return parse(option, "the registry's address");
    }
    return environment == null || environment.isBlank()
        ? parse(DEFAULT, "the registry's address")
        : parse(environment.strip(), ENVIRONMENT);
  }

  private static ServerUrl parse(String text, String what) {
    var fault = "%s must look like https://registry.example.org, not %s".formatted(what, text);
    try {
      var uri = new URI(text);
      if (!isHttp(uri) || uri.getQuery() != null || uri.getFragment() != null) {
        throw new CliException(ExitCode.USAGE, fault);
      }
      if (uri.getUserInfo() != null) {
        throw new CliException(ExitCode.USAGE, what + " must not contain a password");
      }
      return new ServerUrl(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new CliException(ExitCode.USAGE, fault, e);
    }
  }

  /** The address of {@code path}, which begins with a slash and is encoded already. */
  URI at(String path) {
    return URI.create(base + path);
  }

  /**
   * An address that a server hands out for bytes: absolute or relative to {@code from}.
   *
   * @throws CliException where it is not of the web: a hostile server must not make this program
   *     open anything else
   */
  static URI follow(URI from, String target) {
    try {
      var uri = from.resolve(new URI(target));
      if (isHttp(uri)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw refused(target, e);
    }
    throw refused(target, null);
  }

  private static CliException refused(String target, @Nullable Throwable cause) {
    var shown = target.length() > 200 ? target.substring(0, 200) + "..." : target;
    return new CliException(
        ExitCode.FAILED, "The server points to an address that is refused: " + shown, cause);
  }

  private static boolean isHttp(URI uri) {
    if (uri.getScheme() == null || uri.getHost() == null) {
      return false;
    }
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https");
  }

  /** One segment of a path, percent-encoded: slashes too. */
  static String segment(String text) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (UNRESERVED.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted(b));
      }
    }
    return encoded.toString();
  }

  /** A path of several segments: slashes stay. */
  static String path(String text) {
    var encoded = new StringBuilder();
    for (var segment : text.split("/", -1)) {
      encoded.append(encoded.isEmpty() ? "" : "/").append(segment(segment));
    }
    return encoded.toString();
  }

  @Override
  public String toString() {
    return base;
  }
}
