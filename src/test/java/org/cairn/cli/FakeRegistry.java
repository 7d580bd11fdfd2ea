package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.cairn.platform.Sha256;

/**
 * A registry in memory, for what cannot be had from a real one at will: answers that get lost,
 * servers that want patience, stores that forget, hosts that lie. {@link PublishPullIT} is the test
 * that the client and the real service understand each other.
 */
final class FakeRegistry implements AutoCloseable {

  /** An upload as it stands. */
  static final class Upload {
    final String id;
    final Sha256 sha256;
    final long size;
    final Map<Integer, byte[]> parts = new TreeMap<>();
    String state = "open";
    String actual = "";

    Upload(String id, Sha256 sha256, long size) {
      this.id = id;
      this.sha256 = sha256;
      this.size = size;
    }
  }

  final Map<Sha256, byte[]> artifacts = new ConcurrentHashMap<>();
  final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final FakeCatalogue catalogue = new FakeCatalogue(this);

  /** Answers a request before anybody else does: a status below zero cuts the connection. */
  volatile BiFunction<String, String, Optional<Integer>> fault = (method, path) -> Optional.empty();

  /** Cuts a download of these bytes after so many of them. */
  volatile long cutDownloadsAfter = Long.MAX_VALUE;

  volatile boolean knowsRanges = true;
  volatile long partSize = 1000;
  volatile String retryAfter = "";

  private final HttpServer server;

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  long count(String regex) {
    return requests.stream().filter(request -> request.matches(regex)).count();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    var path = exchange.getRequestURI().getRawPath();
    requests.add(method + " " + path);
    try (exchange) {
      var fault = this.fault.apply(method, path);
      if (fault.isEmpty()) {
        answer(exchange, method, path);
      } else if (fault.get() > 0) {
        exchange.getRequestBody().readAllBytes();
        if (!retryAfter.isEmpty()) {
          exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(fault.get(), -1);
      }
    }
  }

  private void answer(HttpExchange exchange, String method, String path) throws IOException {
    try {
      if (path.startsWith("/store/")) {
        store(exchange, method, path.split("/"));
      } else {
        api(exchange, method, path);
      }
    } catch (FakeCatalogue.Refused e) {
      send(exchange, e.status, problem(e));
    } catch (RuntimeException e) {
      send(exchange, 501, Json.object().put("detail", e.toString()));
    }
  }

  private static ObjectNode problem(FakeCatalogue.Refused e) {
    return Json.object()
        .put("type", "/problems/" + e.type)
        .put("status", e.status)
        .put("detail", e.getMessage());
  }

  private void api(HttpExchange exchange, String method, String path) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    if (path.endsWith("/checkpoints/bulk")) {
      var answer = catalogue.bulk(path, new String(body, java.nio.charset.StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(answer.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    var json = body.length == 0 ? Json.object() : Json.MAPPER.readTree(body);
    if (path.matches(".*/files/.+") && method.equals("GET")) {
      var location = "/store/get/" + catalogue.digestAt(path);
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(307, -1);
      return;
    }
    if (path.equals("/v1/artifacts/known")) {
      var known = Json.object();
      var list = known.putArray("known");
      json.path("sha256")
          .forEach(hex -> {
            if (artifacts.containsKey(new Sha256(hex.asText()))) {
              list.add(hex.asText());
            }
          });
      send(exchange, 200, known);
    } else if (path.startsWith("/v1/uploads")) {
      uploads(exchange, method, path.split("/"), json);
    } else {
      var query = exchange.getRequestURI().getRawQuery();
      var answer = catalogue.answer(method, path, query == null ? "" : query, json);
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      send(exchange, method.equals("POST") ? 201 : 200, answer);
    }
  }

  private synchronized void uploads(
      HttpExchange exchange, String method, String[] path, JsonNode json) throws IOException {
    if (path.length == 3 && method.equals("POST")) {
      var digest = new Sha256(json.path("sha256").asText());
      if (artifacts.containsKey(digest)) {
        send(exchange, 200, Json.object().put("state", "verified").put("sha256", digest.hex()));
        return;
      }
      var upload = new Upload("u" + uploads.size(), digest, json.path("size").longValue());
      uploads.put(upload.id, upload);
      send(exchange, 201, view(upload));
      return;
    }
    if (path.length == 3) {
      var items = Json.array();
      var state =
          String.valueOf(exchange.getRequestURI().getQuery())
              .replaceAll(".*state=([a-z]+).*", "$1");
      uploads.values().stream()
          .filter(upload -> upload.state.equals(state))
          .forEach(upload -> items.add(view(upload)));
      send(exchange, 200, Json.object().set("items", items));
      return;
    }
    var upload = uploads.get(path[3]);
    if (upload == null) {
      throw new FakeCatalogue.Refused(404, "not-found", "upload " + path[3]);
    }
    if (path.length == 4) {
      send(exchange, 200, view(upload));
    } else if (path[4].equals("complete")) {
      complete(upload);
      send(exchange, 202, view(upload));
    } else if (method.equals("GET")) {
      send(exchange, 200, Json.object().set("arrived", arrived(upload)));
    } else {
      var parts = Json.array();
      json.path("numbers").forEach(number -> parts.add(target(upload, number.intValue())));
      send(exchange, 200, Json.object().set("parts", parts));
    }
  }

  private ObjectNode view(Upload upload) {
    var count = Math.max(1, (upload.size + partSize - 1) / partSize);
    var view =
        Json.object()
            .put("id", upload.id)
            .put("sha256", upload.sha256.hex())
            .put("size", upload.size)
            .put("state", upload.state)
            .put("partSize", partSize)
            .put("partCount", count);
    if (!upload.actual.isEmpty()) {
      view.put("actualSha256", upload.actual);
    }
    var first = view.putArray("parts");
    for (int number = 1; number <= Math.min(4, count); number++) {
      first.add(target(upload, number));
    }
    return view;
  }

  private static ObjectNode target(Upload upload, int number) {
    return Json.object()
        .put("number", number)
        .put("url", "/store/put/" + upload.id + "/" + number)
        .put("expiresAt", "2026-11-22T00:00:00Z");
  }

  private static ArrayNode arrived(Upload upload) {
    var arrived = Json.array();
    upload.parts.forEach((number, bytes) ->
        arrived
            .addObject()
            .put("number", number)
            .put("size", bytes.length)
            .put("etag", "\"" + md5(bytes) + "\""));
    return arrived;
  }

  private void complete(Upload upload) {
    if (!upload.state.equals("open")) {
      throw new FakeCatalogue.Refused(409, "upload-closed", upload.state);
    }
    var all = new java.io.ByteArrayOutputStream();
    upload.parts.values().forEach(all::writeBytes);
    if (all.size() != upload.size) {
      throw new FakeCatalogue.Refused(409, "upload-mismatch", "parts are missing");
    }
    upload.actual = Sha256.of(all.toByteArray()).hex();
    upload.state = upload.actual.equals(upload.sha256.hex()) ? "verified" : "failed";
    if (upload.state.equals("verified")) {
      artifacts.put(upload.sha256, all.toByteArray());
    }
  }

  private void store(HttpExchange exchange, String method, String[] path) throws IOException {
    if (method.equals("PUT")) {
      var bytes = exchange.getRequestBody().readAllBytes();
      var length = exchange.getRequestHeaders().getFirst("Content-Length");
      if (length == null || Long.parseLong(length) != bytes.length) {
        exchange.sendResponseHeaders(411, -1);
        return;
      }
      synchronized (this) {
        Objects.requireNonNull(uploads.get(path[3])).parts.put(Integer.parseInt(path[4]), bytes);
      }
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    var bytes = Objects.requireNonNull(artifacts.get(new Sha256(path[3])));
    var range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null && knowsRanges) {
      from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    exchange.sendResponseHeaders(from == 0 ? 200 : 206, bytes.length - from);
    var until = (int) Math.min(bytes.length - from, cutDownloadsAfter);
    exchange.getResponseBody().write(bytes, from, until);
    exchange.getResponseBody().flush();
  }

  private static void send(HttpExchange exchange, int status, JsonNode json) throws IOException {
    var bytes = Json.bytes(json);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every upload that has begun, as a snapshot. */
  List<Upload> allUploads() {
    return new ArrayList<>(uploads.values());
  }
}
