package org.cairn.hub;

import java.net.URI;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Link header to the next page: an absolute address as the client knows it, which a proxy in
 * front of this service may have changed.
 */
final class PageLink {

  private static final Pattern SCHEME = Pattern.compile("https?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._\\[\\]:-]{1,300}");
  private static final Pattern PREFIX = Pattern.compile("(?:/[A-Za-z0-9._~-]+)*/?");

  private PageLink() {}

  /**
   * The value of the header.
   *
   * @param header finds a header of the request
   */
  static String next(URI request, Function<String, @Nullable String> header, String cursor) {
    var query = request.getRawQuery() == null ? "" : request.getRawQuery();
    var kept =
        Stream.concat(
                Arrays.stream(query.split("&"))
                    .filter(part -> !part.isEmpty() && !part.startsWith("cursor=")),
                Stream.of("cursor=" + cursor))
            .collect(Collectors.joining("&"));
    return "<" + base(request, header) + request.getRawPath() + "?" + kept + ">; rel=\"next\"";
  }

  /** This service's own address, without a slash at its end. */
  static String base(URI request, Function<String, @Nullable String> header) {
    var prefix = forwarded(header, "X-Forwarded-Prefix", PREFIX, "");
    return forwarded(header, "X-Forwarded-Proto", SCHEME, request.getScheme())
        + "://"
        + forwarded(header, "X-Forwarded-Host", HOST, request.getRawAuthority())
        + (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
  }

  /** The first proxy is the one that the client talks to. */
  private static String forwarded(
      Function<String, @Nullable String> header, String name, Pattern pattern, String otherwise) {
    var value = header.apply(name);
    var first = value == null ? "" : value.split(",", 2)[0].strip();
    return !first.isEmpty() && pattern.matcher(first).matches() ? first : otherwise;
  }
}
