package org.cairn.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cairn.platform.Sha256;

/**
 * Everything that a registry answers about what it holds, found by following its lists: status,
 * headers and bytes of each GET. Two registries that hold the same have equal answers.
 */
public final class Answers implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Other at each request, or an address that is signed anew. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("date", "x-request-id", "location", "connection");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;
  private final String token;
  private final SortedMap<String, String> answers = new TreeMap<>();

  private Answers(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /** All answers of the registry at {@code url}, by request; the token may be empty. */
  public static SortedMap<String, String> of(String url, String token) {
    try (var answers = new Answers(url, token)) {
      answers.collect();
      return answers.answers;
    }
  }

  private void collect() {
    for (var project : list("/v1/projects")) {
      var name = text(project, "name");
      var address = "/v1/projects/" + name;
      get(address);
      list(address + "/configurations")
          .forEach(c -> get(address + "/configurations/" + text(c, "id")));
      list(address + "/datasets").forEach(d -> dataset(name, text(d, "name")));
      list(address + "/runs").forEach(r -> run(name, text(r, "name")));
    }
  }

  private void dataset(String project, String name) {
    var address = "/v1/projects/" + project + "/datasets/" + name;
    get(address);
    for (var version : list(address + "/versions")) {
      var one = address + "/versions/" + encoded(text(version, "version"));
      get(one);
      for (var file : list(one + "/files")) {
        get(one + "/files/" + path(text(file, "path")));
      }
    }
    get("/api/datasets/" + project + "/" + name);
    get("/api/datasets/" + project + "/" + name + "/refs");
  }

  private void run(String project, String name) {
    var address = "/v1/projects/" + project + "/runs/" + name;
    var hub = "/api/models/" + project + "/" + name;
    get(address);
    list(address + "/segments")
        .forEach(s -> get(address + "/segments/" + encoded(text(s, "name"))));
    list(address + "/labels?pageSize=7");
    list(address + "/findings").forEach(f -> get(address + "/findings/" + text(f, "id")));
    for (var file : list(address + "/files")) {
      get(address + "/files/" + path(text(file, "path")));
    }
    for (var more :
        List.of(
            "/lineage",
            "/checkpoints/latest",
            "/checkpoints/terminal",
            "/checkpoints?spacing=log&points=7",
            "/checkpoints?nearestTokens=100000")) {
      get(address + more);
    }
    list(address + "/tensor-statistics?name=*&pairs=previous");
    get(hub);
    get(hub + "/refs");
    get(hub + "/commits/main");
    list(address + "/checkpoints?pageSize=5");
    for (var checkpoint : list(address + "/checkpoints?include=files")) {
      checkpoint(address, hub, checkpoint);
    }
  }

  private void checkpoint(String run, String hub, JsonNode checkpoint) {
    var label = encoded(text(checkpoint, "label"));
    var address = run + "/checkpoints/" + label;
    get(address);
    get(address + "/manifest");
    list(address + "/tensors");
    get(hub + "/revision/" + label);
    get(hub + "/tree/" + label + "?recursive=true&expand=true");
    for (var file : checkpoint.path("files")) {
      get(address + "/files/" + path(text(file, "path")));
      get("/v1/artifacts/sha256:" + text(file, "sha256"));
      get(
          "/"
              + hub.substring("/api/models/".length())
              + "/resolve/"
              + label
              + "/"
              + path(text(file, "path")));
    }
  }

  private List<JsonNode> list(String address) {
    var items = new ArrayList<JsonNode>();
    for (var page = address; page != null; ) {
      var answer = get(page);
      answer.path("items").forEach(items::add);
      var next = answer.path("nextPageToken");
      page =
          next.isTextual()
              ? address
                  + (address.contains("?") ? "&" : "?")
                  + "pageToken="
                  + encoded(next.textValue())
              : null;
    }
    return items;
  }

  private JsonNode get(String address) {
    var request = HttpRequest.newBuilder(URI.create(url + address));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      var headers =
          answer.headers().map().entrySet().stream()
              .filter(header -> !OF_THE_MOMENT.contains(header.getKey()))
              .map(header -> header.getKey() + ": " + header.getValue())
              .sorted()
              .collect(Collectors.joining("\n"));
      var isRedirect = answer.statusCode() / 100 == 3;
      var body = answer.body();
      answers.put(
          address,
          answer.statusCode()
              + "\n"
              + headers
              + "\n\n"
              + (isRedirect
                  ? ""
                  : body.length > 20_000
                      ? Sha256.of(body).hex()
                      : new String(body, StandardCharsets.UTF_8)));
      return headers.contains("application/json") ? JSON.readTree(body) : JSON.nullNode();
    } catch (IOException e) {
      throw new UncheckedIOException(address, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String path(String text) {
    return encoded(text).replace("%2F", "/");
  }

  @Override
  public void close() {
    client.close();
  }
}
