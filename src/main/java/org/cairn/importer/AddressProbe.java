package org.cairn.importer;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host whether it still has what an address names, and by which digest: HEAD, and no byte of
 * what is there. The host's name is resolved once, its addresses are checked, and the connection
 * goes to the address that was checked, at every redirect anew; so no name leads into a network
 * that is not public, whatever it resolves to later.
 */
final class AddressProbe {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int REDIRECTS_MAX = 5;
  private static final int ADDRESS_MAX = 2_000;
  private static final Set<Integer> PORTS = Set.of(80, 443);
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern QUOTED = Pattern.compile("(?:W/)?\"?([^\"]{1,200})\"?");

  private final HttpClient client;
  private final Resolver resolver;
  private final Set<String> trusted;

  /** Asks the name service. */
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /**
   * @param trusted {@code host:port} of hosts that may stand anywhere, such as another registry of
   *     the same house
   */
  AddressProbe(HttpClient client, Resolver resolver, Set<String> trusted) {
    this.client = client;
    this.resolver = resolver;
    this.trusted = Set.copyOf(trusted);
  }

  /** What became of the question. */
  enum State {
    AVAILABLE,
    /** It is there, for those who may have it. */
    GATED,
    MISSING,
    /** Nobody was asked, since the address leads where nobody should be led. */
    REFUSED,
    /** No answer, or one that says nothing of what is there. */
    UNKNOWN
  }

  /**
   * What a host says.
   *
   * @param reason for people
   * @param size in bytes; null where it is not said
   * @param algorithm of the digest: sha256, or etag for a mark that only compares with itself; null
   *     where there is none
   * @param digest null where there is none
   */
  record Answer(
      State state,
      String reason,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest) {

    private static Answer of(State state, String reason) {
      return new Answer(state, reason, null, null, null);
    }
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /** Asks for what an address names. Takes up to ten seconds for each redirect. */
  Answer probe(String address) throws InterruptedException {
    try {
      var at = parsed(address);
      for (int redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
        var response = head(at);
        var status = response.statusCode();
        // A host that keeps its files elsewhere says here what it will send there.
        boolean said = response.getHeader("X-Linked-Etag") != null;
        if (status < 300 || status >= 400 || said) {
          return answer(response);
        }
        var next = response.getHeader("Location");
        if (next == null) {
          return Answer.of(State.UNKNOWN, "a redirect to nowhere, " + status);
        }
        at = parsed(at.resolve(parsedReference(next)).toString());
      }
      return Answer.of(State.UNKNOWN, "more than " + REDIRECTS_MAX + " redirects");
    } catch (RefusedException e) {
      return Answer.of(State.REFUSED, Objects.requireNonNull(e.getMessage()));
    } catch (UnknownHostException e) {
      return Answer.of(State.UNKNOWN, "its host has no address");
    } catch (TimeoutException e) {
      return Answer.of(State.UNKNOWN, "no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Answer.of(State.UNKNOWN, "no answer: " + e.getCause());
    }
  }

  private static URI parsedReference(String location) throws RefusedException {
    if (location.length() > ADDRESS_MAX) {
      throw new RefusedException("has more than " + ADDRESS_MAX + " characters");
    }
    try {
      return URI.create(location);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("is no address: " + location);
    }
  }

  private static URI parsed(String address) throws RefusedException {
    var uri = parsedReference(address);
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new RefusedException("is of no scheme that can be asked: http, https");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw new RefusedException("has no host, or a user");
    }
    return uri;
  }

  private HttpClientResponse head(URI at)
      throws RefusedException,
          UnknownHostException,
          ExecutionException,
          TimeoutException,
          InterruptedException {
    boolean secure = "https".equalsIgnoreCase(at.getScheme());
    int port = at.getPort() >= 0 ? at.getPort() : secure ? 443 : 80;
    var host = at.getHost();
    var server = checked(host, port);
    var path = at.getRawPath() == null || at.getRawPath().isEmpty() ? "/" : at.getRawPath();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.HEAD)
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(server, port)))
            .setHost(host)
            .setPort(port)
            .setSsl(secure)
            .setURI(at.getRawQuery() == null ? path : path + "?" + at.getRawQuery())
            .setFollowRedirects(false)
            .setConnectTimeout(TIMEOUT.toMillis())
            .setIdleTimeout(TIMEOUT.toMillis())
            // Compressed, it has another size.
            .putHeader("Accept-Encoding", "identity")
            .putHeader("User-Agent", "cairn");
    return client
        .request(options)
        .compose(request -> request.send())
        .toCompletionStage()
        .toCompletableFuture()
        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private InetAddress checked(String host, int port) throws RefusedException, UnknownHostException {
    var literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    var addresses = resolver.resolve(literal);
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host);
    }
    if (!trusted.contains(host.toLowerCase(Locale.ROOT) + ":" + port)) {
      if (!PORTS.contains(port)) {
        throw new RefusedException("is of a port that is none of the web: " + port);
      }
      // All of them: one public address among private ones is no reason to trust the name.
      if (!addresses.stream().allMatch(PublicNetworks::has)) {
        throw new RefusedException("its host is in no public network");
      }
    }
    return addresses.getFirst();
  }

  private static Answer answer(HttpClientResponse response) {
    int status = response.statusCode();
    return switch (status) {
      case 401, 403 -> Answer.of(State.GATED, "status " + status);
      case 404, 410 -> Answer.of(State.MISSING, "status " + status);
      default -> status < 400 ? available(response) : Answer.of(State.UNKNOWN, "status " + status);
    };
  }

  private static Answer available(HttpClientResponse response) {
    var linked = response.getHeader("X-Linked-Etag");
    var tag = linked == null ? response.getHeader("ETag") : linked;
    var size =
        linked == null ? response.getHeader("Content-Length") : response.getHeader("X-Linked-Size");
    var quoted = QUOTED.matcher(tag == null ? "" : tag);
    var digest = quoted.matches() ? quoted.group(1) : null;
    return new Answer(
        State.AVAILABLE,
        "status " + response.statusCode(),
        size == null ? null : bytes(size),
        digest == null ? null : SHA256.matcher(digest).matches() ? "sha256" : "etag",
        digest);
  }

  private static @Nullable Long bytes(String text) {
    try {
      long bytes = Long.parseLong(text);
      return bytes < 0 ? null : bytes;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
