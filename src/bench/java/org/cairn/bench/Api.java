package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Requests to Cairn with JSON both ways, as somebody with a token: one who writes has one. */
final class Api {

  /** Of the administrator of every Cairn that is measured. */
  static final String TOKEN = "hf_" + "benchmark".repeat(5);

  static final ObjectMapper JSON = new ObjectMapper();

  private final Http http;
  private final URI server;

  Api(Http http, URI server) {
    this.http = http;
    this.server = server;
  }

  URI at(String path) {
    return server.resolve(path);
  }

  String text(String path) throws IOException, InterruptedException {
    return text(request(path).build());
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    return post(path, "application/json", JSON.writeValueAsBytes(body));
  }

  JsonNode post(String path, String type, byte[] body) throws IOException, InterruptedException {
    return send(
        request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build());
  }

  /** Posts lines of JSON and answers the lines that come back. */
  String postLines(String path, byte[] lines) throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/x-ndjson")
            .header("Accept", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(lines))
            .build();
    return text(request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(at(path)).header("Authorization", "Bearer " + TOKEN);
  }

  /** Sends what the service refuses before it looks anywhere. */
  void refused(String path) throws IOException, InterruptedException {
    var response = http.client().send(request(path).build(), BodyHandlers.ofString());
    if (response.statusCode() != 400) {
      throw new IOException(path + ": " + response.statusCode());
    }
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    return JSON.readTree(text(request));
  }

  private String text(HttpRequest request) throws IOException, InterruptedException {
    var response = http.client().send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(request.method(), request.uri(), response.statusCode(), response.body()));
    }
    return response.body();
  }
}
