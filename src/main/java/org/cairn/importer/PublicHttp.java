package org.cairn.importer;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers of the public internet about what others say is there. The host's name is resolved
 * once, its addresses are checked, and the connection goes to the address that was checked, at
 * every redirect anew; so no name leads into a network that is not public, whatever it resolves to
 * later.
 */
final class PublicHttp {

  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final int REDIRECTS_MAX = 5;

  /** Longest time for a whole answer with a body. */
  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(60);

  private static final int ADDRESS_MAX = 2_000;
  private static final Set<Integer> PORTS = Set.of(80, 443);

  private final HttpClient client;
  private final Resolver resolver;
  private final Set<String> trusted;

  /** Asks the name service. */
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /** Nobody is asked, since the address leads where nobody should be led. */
  static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * An answer.
   *
   * @param body empty where none was asked for
   */
  record Reply(int status, MultiMap headers, Buffer body) {
    @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  /**
   * @param trusted {@code host:port} of hosts that may stand anywhere, such as another registry of
   *     the same house
   */
  PublicHttp(HttpClient client, Resolver resolver, Set<String> trusted) {
    this.client = client;
    this.resolver = resolver;
    this.trusted = Set.copyOf(trusted);
  }

  /** Reads an address that somebody gave. */
  static URI parsed(String address) throws RefusedException {
    var uri = reference(address);
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new RefusedException("is of no scheme that can be asked: http, https");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw new RefusedException("has no host, or a user");
    }
    return uri;
  }

  /** Where an answer leads. */
  static URI redirected(URI at, String location) throws RefusedException {
    return parsed(at.resolve(reference(location)).toString());
  }

  private static URI reference(String location) throws RefusedException {
    if (location.length() > ADDRESS_MAX) {
      throw new RefusedException("has more than " + ADDRESS_MAX + " characters");
    }
    try {
      return URI.create(location);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("is no address: " + location);
    }
  }

  /** Follows no redirect. */
  Reply head(URI at)
      throws RefusedException,
          UnknownHostException,
          ExecutionException,
          TimeoutException,
          InterruptedException {
    return client
        .request(options(HttpMethod.HEAD, at))
        .compose(HttpClientRequest::send)
        .map(response -> new Reply(response.statusCode(), response.headers(), Buffer.buffer()))
        .toCompletionStage()
        .toCompletableFuture()
        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Follows redirects.
   *
   * @param limit largest body, in bytes; a larger one is an {@link ExecutionException}
   */
  Reply get(URI address, int limit)
      throws RefusedException,
          UnknownHostException,
          ExecutionException,
          TimeoutException,
          InterruptedException {
    var at = address;
    for (int redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
      var reply =
          client
              .request(options(HttpMethod.GET, at))
              // Within one step: the body does not wait for a thread that comes back later.
              .compose(request -> request.send().compose(response -> bounded(response, limit)))
              .toCompletionStage()
              .toCompletableFuture()
              .get(BODY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      var next = reply.header("Location");
      if (reply.status() < 300 || reply.status() >= 400 || next == null) {
        return reply;
      }
      at = redirected(at, next);
    }
    throw new RefusedException("leads through more than " + REDIRECTS_MAX + " redirects");
  }

  private static Future<Reply> bounded(HttpClientResponse response, int limit) {
    var body = Buffer.buffer();
    Promise<Reply> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    response.handler(piece -> {
      if (body.length() + piece.length() > limit) {
        whole.tryFail("the answer has more than " + limit + " bytes");
        response.request().reset();
      } else {
        body.appendBuffer(piece);
      }
    });
    response.endHandler(
        end -> whole.tryComplete(new Reply(response.statusCode(), response.headers(), body)));
    return whole.future();
  }

  private RequestOptions options(HttpMethod method, URI at)
      throws RefusedException, UnknownHostException {
    boolean secure = "https".equalsIgnoreCase(at.getScheme());
    int port = at.getPort() >= 0 ? at.getPort() : secure ? 443 : 80;
    var host = at.getHost();
    var server = checked(host, port);
    var path = at.getRawPath() == null || at.getRawPath().isEmpty() ? "/" : at.getRawPath();
    return new RequestOptions()
        .setMethod(method)
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
}
