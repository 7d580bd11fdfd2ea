package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Presigned addresses of the parts of an upload, asked for eight at a time as they are needed. */
final class PartAddresses {

  private static final int AHEAD = 8;

  private final Api api;
  private final String path;
  private final int count;
  private final Map<Integer, URI> known = new HashMap<>();

  PartAddresses(Api api, JsonNode upload) {
    this.api = api;
    this.path = "/v1/uploads/" + upload.path("id").asText() + "/parts";
    this.count = upload.path("partCount").asInt();
    add(upload);
  }

  synchronized URI of(int number) throws IOException, InterruptedException {
    if (!known.containsKey(number)) {
      var request = Api.JSON.createObjectNode();
      var numbers = request.putArray("numbers");
      for (int next = number; next < number + AHEAD && next <= count; next++) {
        numbers.add(next);
      }
      add(api.post(path, request));
    }
    var address = known.get(number);
    if (address == null) {
      throw new IOException("no address for part " + number);
    }
    return address;
  }

  private void add(JsonNode answer) {
    for (var part : answer.path("parts")) {
      known.put(part.path("number").asInt(), api.at("/").resolve(part.path("url").asText()));
    }
  }
}
