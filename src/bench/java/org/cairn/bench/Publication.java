package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Publishes one file in a checkpoint of its own, with the requests of {@code cairn publish}: an
 * upload in parts to presigned addresses, four at once, until the service has verified the bytes,
 * then registering and sealing the checkpoint.
 *
 * @param total seconds of all that
 * @param parts seconds until all parts had arrived
 * @param complete seconds until the store had put them together
 * @param verify seconds until the service had hashed the object and said so
 * @param seal seconds for registering and sealing
 * @param job seconds between the start and the end of the verification, as the service reports them
 */
record Publication(
    double total, double parts, double complete, double verify, double seal, double job) {

  private static final int AT_ONCE = 4;
  private static final int WAIT_SECONDS = 30;

  static Publication publish(Api api, Http http, String run, Payload payload, long step)
      throws IOException, InterruptedException, ExecutionException {
    return publish(api, http, run, "model.bin", payload, step);
  }

  /**
   * @param path of the file in the checkpoint
   */
  static Publication publish(
      Api api, Http http, String run, String path, Payload payload, long step)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    var upload = api.post("/v1/uploads", start(payload));
    sendParts(api, http, upload, payload);
    double parts = Watch.secondsSince(start);

    var session = "/v1/uploads/" + upload.path("id").asText();
    var state = api.post(session + "/complete", Api.JSON.createObjectNode());
    double complete = Watch.secondsSince(start);

    while (!state.path("state").asText().equals("verified")) {
      if (!state.path("state").asText().equals("verifying")) {
        throw new IOException("the upload did not end well: " + state);
      }
      state = api.get(session + "?wait=" + WAIT_SECONDS);
    }
    double verify = Watch.secondsSince(start);

    var checkpoint = api.post(run + "/checkpoints", checkpoint(path, payload, step));
    var label = checkpoint.path("label").asText();
    var sealing = run + "/checkpoints/" + label + "/seal?wait=" + WAIT_SECONDS;
    while (!checkpoint.path("state").asText().equals("sealed")) {
      if (checkpoint.has("sealFailure")) {
        throw new IOException("the checkpoint was not sealed: " + checkpoint);
      }
      checkpoint = api.post(sealing, Api.JSON.createObjectNode());
    }
    double total = Watch.secondsSince(start);
    return new Publication(
        total,
        parts,
        complete - parts,
        verify - complete,
        total - verify,
        jobSeconds(api, upload.path("id").asText(), payload.sha256()));
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode start(Payload payload) {
    return Api.JSON
        .createObjectNode()
        .put("sha256", payload.sha256())
        .put("size", payload.size())
        .put("mediaType", "application/octet-stream");
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode checkpoint(
      String path, Payload payload, long step) {
    var request = Api.JSON.createObjectNode().put("step", step);
    request
        .putArray("files")
        .addObject()
        .put("path", path)
        .put("sha256", payload.sha256())
        .put("size", payload.size())
        .put("role", "weights");
    return request;
  }

  private static void sendParts(Api api, Http http, JsonNode upload, Payload payload)
      throws IOException, InterruptedException, ExecutionException {
    int count = upload.path("partCount").asInt();
    long partSize = upload.path("partSize").asLong();
    var addresses = new PartAddresses(api, upload);
    try (var executor = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
        var channel = FileChannel.open(payload.file(), StandardOpenOption.READ)) {
      var sent = new ArrayList<Future<?>>();
      for (int part = 1; part <= count; part++) {
        int number = part;
        sent.add(
            executor.submit(() -> {
              URI address = addresses.of(number);
              long offset = (number - 1) * partSize;
              long length = Math.min(partSize, payload.size() - offset);
              http.put(address, FileSlice.of(channel, offset, length));
              return null;
            }));
      }
      for (var part : sent) {
        part.get();
      }
    }
  }

  /** The time that the service's own job for this upload took. */
  private static double jobSeconds(Api api, String upload, String sha256)
      throws IOException, InterruptedException {
    for (var job : api.get("/v1/jobs?pageSize=50").path("items")) {
      var subject = job.path("subject").asText();
      if ((subject.contains(upload) || subject.contains(sha256)) && job.has("finishedAt")) {
        return Duration.between(
                    Instant.parse(job.path("startedAt").asText()),
                    Instant.parse(job.path("finishedAt").asText()))
                .toNanos()
            / 1e9;
      }
    }
    throw new IOException("no job of upload " + upload + " has ended");
  }
}
