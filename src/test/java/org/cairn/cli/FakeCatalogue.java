package org.cairn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;

/** The catalogue of the registry in memory: objects by path, just enough rules to be told apart. */
final class FakeCatalogue {

  /** An error reply. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;
    final String type;

    Refused(int status, String type, String detail) {
      super(detail);
      this.status = status;
      this.type = type;
    }
  }

  /** Every object by its path below /v1, in the order in which they were made. */
  final Map<String, ObjectNode> objects = new LinkedHashMap<>();

  /** Items of a page; few, so that every listing has to be walked through. */
  volatile int pageItems = 2;

  private final FakeRegistry registry;

  FakeCatalogue(FakeRegistry registry) {
    this.registry = registry;
  }

  ObjectNode at(String path) {
    var object = objects.get("/v1/projects/" + path);
    if (object == null) {
      throw new AssertionError("nothing at " + path + " but " + objects.keySet());
    }
    return object;
  }

  synchronized JsonNode answer(String method, String path, String query, JsonNode body) {
    if (method.equals("PATCH")) {
      return require(path).setAll((ObjectNode) body);
    }
    if (method.equals("DELETE")) {
      objects.remove(path);
      return Json.object();
    }
    var leaf = path.substring(path.lastIndexOf('/') + 1);
    if (method.equals("GET")) {
      return switch (leaf) {
        case "projects", "runs", "datasets", "versions", "segments", "checkpoints", "files" ->
            list(path, query);
        default -> path.matches(".*/checkpoints/[^/]+") ? withFiles(path) : require(path);
      };
    }
    return switch (leaf) {
      case "seal" -> seal(path.substring(0, path.lastIndexOf('/')));
      case "files" -> files(path, body);
      case "versions" -> add(path, body.path("version").asText(), body);
      case "configurations" -> add(path, "c" + objects.size(), body);
      default -> add(path, body.path("name").asText(), body);
    };
  }

  synchronized String bulk(String path, String lines) {
    var answer = new StringBuilder();
    int number = 0;
    for (var line : lines.lines().toList()) {
      var reply = answer(++number, path.replaceAll("/bulk$", ""), line);
      answer.append(Json.text(reply)).append('\n');
    }
    return answer.toString();
  }

  synchronized String digestAt(String path) {
    return require(URLDecoder.decode(path, StandardCharsets.UTF_8)).path("sha256").asText();
  }

  private ObjectNode answer(int number, String path, String line) {
    try {
      var request = (ObjectNode) Json.MAPPER.readTree(line);
      var label = request.path("label").asText();
      var reply = Json.object().put("line", number).put("label", label);
      if (objects.containsKey(path + "/" + label)) {
        return reply.put("status", 409);
      }
      var files = request.remove("files");
      add(path, label, request.put("state", "draft"));
      files(path + "/" + label + "/files", Json.object().set("files", files));
      return reply.put("status", 201);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode add(String path, String name, JsonNode body) {
    var object = ((ObjectNode) body.deepCopy()).put("id", "id-" + name);
    if (path.endsWith("/runs") && !object.has("status")) {
      object.put("status", "running");
    }
    if (objects.putIfAbsent(path + "/" + name, object) != null) {
      throw new Refused(409, "conflict", name + " is taken");
    }
    if (path.endsWith("/versions")) {
      files(path + "/" + name + "/files", body);
    }
    return object;
  }

  private ObjectNode files(String path, JsonNode body) {
    for (var file : body.path("files")) {
      objects.put(path + "/" + file.path("path").asText(), (ObjectNode) file);
    }
    return Json.object();
  }

  private ObjectNode seal(String path) {
    var checkpoint = require(path);
    for (var file : below(path + "/files")) {
      if (!registry.artifacts.containsKey(new Sha256(file.path("sha256").asText()))) {
        throw new Refused(409, "incomplete", file.path("path").asText());
      }
    }
    return checkpoint.put("state", "sealed");
  }

  private ObjectNode list(String path, String query) {
    var items = Json.array();
    for (var object : below(path)) {
      if (query.contains("include=files")) {
        items.add(withFiles(path + "/" + object.path("label").asText()));
      } else {
        items.add(object);
      }
    }
    return page(items, query);
  }

  private ObjectNode withFiles(String checkpoint) {
    var copy = require(checkpoint).deepCopy();
    var files = copy.putArray("files");
    below(checkpoint + "/files").forEach(files::add);
    return copy;
  }

  private ObjectNode page(ArrayNode items, String query) {
    var from =
        query.contains("pageToken=")
            ? Integer.parseInt(query.replaceAll(".*pageToken=([0-9]+).*", "$1"))
            : 0;
    var page = Json.object();
    var shown = page.putArray("items");
    for (int i = from; i < Math.min(from + pageItems, items.size()); i++) {
      shown.add(items.get(i));
    }
    if (from + pageItems < items.size()) {
      page.put("nextPageToken", Integer.toString(from + pageItems));
    }
    return page;
  }

  /** The objects directly below a path; files have paths of their own, so all of theirs. */
  private List<ObjectNode> below(String path) {
    var below = new ArrayList<ObjectNode>();
    objects.forEach((key, object) -> {
      var rest = key.startsWith(path + "/") ? key.substring(path.length() + 1) : "/";
      if (rest.indexOf('/') < 0 || (path.endsWith("/files") && !rest.equals("/"))) {
        below.add(object);
      }
    });
    return below;
  }

  private ObjectNode require(String path) {
    var object = objects.get(path);
    if (object == null) {
      throw new Refused(404, "not-found", "nothing at " + path);
    }
    return object;
  }
}
