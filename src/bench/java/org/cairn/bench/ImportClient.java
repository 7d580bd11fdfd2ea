package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Imports files with the requests of {@code cairn import}, four uploads at once. */
final class ImportClient {

  private static final int AT_ONCE = 4;
  private static final int WAIT_SECONDS = 30;
  private static final long BETWEEN_QUESTIONS_MILLIS = 50;

  private final Api api;
  private final Http http;

  ImportClient(Api api, Http http) {
    this.api = api;
    this.http = http;
  }

  /**
   * Imports manifests into a project, from the first byte sent on; answers how many changes that
   * made.
   */
  int manifests(String project, Map<String, byte[]> files) throws Exception {
    var request = Api.JSON.createObjectNode().put("form", "manifest").put("project", project);
    var listed = request.putArray("files");
    var uploads = new ArrayList<Callable<Void>>();
    files.forEach((name, bytes) -> {
      var sha256 = HexFormat.of().formatHex(Sha256Loop.newDigest().digest(bytes));
      listed.addObject().put("name", name).put("sha256", sha256);
      uploads.add(() -> {
        upload(bytes, sha256);
        return null;
      });
    });
    try (var executor = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var upload : executor.invokeAll(uploads)) {
        upload.get();
      }
    }
    var state = api.post("/v1/imports", request);
    var path = "/v1/imports/" + state.path("id").asText();
    while (state.path("state").asText().matches("queued|running")) {
      Thread.sleep(BETWEEN_QUESTIONS_MILLIS);
      state = api.get(path);
    }
    if (!state.path("state").asText().equals("succeeded")) {
      throw new IOException("the import did not end well: " + state);
    }
    return state.path("changes").asInt();
  }

  private void upload(byte[] bytes, String sha256) throws IOException, InterruptedException {
    JsonNode upload =
        api.post(
            "/v1/uploads",
            Api.JSON.createObjectNode().put("sha256", sha256).put("size", bytes.length));
    if (upload.path("state").asText().equals("verified")) {
      return;
    }
    var addresses = new PartAddresses(api, upload);
    int partSize = upload.path("partSize").asInt();
    for (int part = 1; part <= upload.path("partCount").asInt(); part++) {
      int from = (part - 1) * partSize;
      http.put(
          addresses.of(part),
          BodyPublishers.ofByteArray(
              Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + partSize))));
    }
    var session = "/v1/uploads/" + upload.path("id").asText();
    var state = api.post(session + "/complete", Api.JSON.createObjectNode());
    while (state.path("state").asText().equals("verifying")) {
      state = api.get(session + "?wait=" + WAIT_SECONDS);
    }
    if (!state.path("state").asText().equals("verified")) {
      throw new IOException("the upload did not end well: " + state);
    }
  }
}
