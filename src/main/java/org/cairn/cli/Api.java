package org.cairn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests to the registry: JSON in, JSON out, tried again where that can help. */
final class Api {

  private final ServerUrl server;
  private final Transport transport;
  private final Retry retry;
  private final @Nullable String token;

  Api(ServerUrl server, Transport transport, Retry retry) {
    this(server, transport, retry, null);
  }

  Api(ServerUrl server, Transport transport, Retry retry, @Nullable String token) {
    this.server = server;
    this.token = token;
    this.transport = transport;
    this.retry = retry;
  }

  ServerUrl server() {
    return server;
  }

  Transport transport() {
    return transport;
  }

  Retry retry() {
    return retry;
  }

  /** The same registry, asked with another patience. */
  Api with(Retry other) {
    return new Api(server, transport, other, token);
  }

  /** A request to the registry itself: nothing else is ever sent the token. */
  HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(server.at(path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  /** An answer with its status, for requests that have more than one good outcome. */
  record Reply(int status, JsonNode body, String etag) {}

  /** Reads an object. */
  Answer get(String path) {
    return new Answer(exchange("GET", path, null, Map.of()).body(), path);
  }

  /** Reads an object that may not be there. */
  Optional<Answer> find(String path) {
    try {
      return Optional.of(get(path));
    } catch (ProblemException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Posts a request whose repetition has no further effect. */
  Answer post(String path, JsonNode body) {
    return new Answer(exchange("POST", path, body, Map.of()).body(), path);
  }

  /** Posts a request and tells its outcomes apart. */
  Reply reply(String method, String path, JsonNode body) {
    return exchange(method, path, body, Map.of());
  }

  /**
   * Creates an object, however often the connection breaks.
   *
   * @return empty where there is one of this name already
   */
  Optional<Answer> create(String path, JsonNode body) {
    try {
      var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
      return Optional.of(new Answer(exchange("POST", path, body, key).body(), path));
    } catch (ProblemException e) {
      if (e.status() == 409 && (e.problem().is("conflict") || e.problem().type().isEmpty())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Changes an object that is still as {@code etag} says. */
  void patch(String path, JsonNode body, String etag) {
    exchange("PATCH", path, body, Map.of("If-Match", etag));
  }

  void delete(String path) {
    exchange("DELETE", path, null, Map.of());
  }

  /** Reads an object with its entity tag. */
  Reply getForChange(String path) {
    return exchange("GET", path, null, Map.of());
  }

  /** Posts a body that is not JSON and gives back the raw answer. */
  byte[] postRaw(String path, String mediaType, byte[] body) {
    var request =
        request(path)
            .header("Content-Type", mediaType)
            .header("Accept", mediaType + ", application/problem+json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    var what = "POST " + request.uri();
    return retry.run(what, () -> checked(what, once(request))).body();
  }

  /** Walks through all pages of a listing. */
  void pages(String path, Consumer<Answer> item) {
    var separator = path.contains("?") ? "&" : "?";
    var next = path;
    var seen = new ArrayList<String>();
    while (true) {
      var page = get(next);
      page.requireList("items").forEach(item);
      var token = page.textOrNull("nextPageToken");
      if (token == null || token.isEmpty()) {
        return;
      }
      if (seen.contains(token)) {
        throw new CliException(ExitCode.FAILED, "The pages of " + path + " go round in a circle");
      }
      seen.add(token);
      next = path + separator + "pageToken=" + ServerUrl.segment(token);
    }
  }

  /** All items of a listing. */
  List<Answer> all(String path) {
    var items = new ArrayList<Answer>();
    pages(path, items::add);
    return items;
  }

  private Reply exchange(
      String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
    var builder = request(path).header("Accept", "application/json, application/problem+json");
    headers.forEach(builder::header);
    if (body == null) {
      builder.method(method, BodyPublishers.noBody());
    } else {
      builder
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
    }
    var request = builder.build();
    var what = method + " " + request.uri();
    return retry.run(
        what,
        () -> {
          var response = checked(what, once(request));
          return new Reply(
              response.statusCode(),
              parse(what, response.body()),
              response.headers().firstValue("ETag").orElse(""));
        });
  }

  private HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException {
    return transport.send(
        request,
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), Json.LARGEST),
        new Transport.Movement());
  }

  private static HttpResponse<byte[]> checked(String what, HttpResponse<byte[]> response)
      throws Retry.LaterException {
    int status = response.statusCode();
    if (status < 300) {
      return response;
    }
    var problem = ServerProblem.of(status, response.body());
    if (Transport.passing(status)) {
      throw new Retry.LaterException(problem, Transport.retryAfter(response));
    }
    throw new ProblemException(what, problem);
  }

  private static JsonNode parse(String what, byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return Json.MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CliException(
          ExitCode.FAILED,
          what + ": the answer is not JSON; is this the address of a Cairn registry?",
          e);
    } catch (IOException e) {
      throw new IllegalStateException("reading memory does not fail", e);
    }
  }
}
