package org.cairn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairn.cli.RunFolder.CheckpointFolder;

/** Records checkpoints in the catalogue, hundreds in one request. */
final class CheckpointRegistrar {

  private static final int LINES = 500;
  private static final int BYTES = 4 << 20;
  private static final int FILES = 1000;

  private final Api api;
  private final Digests digests;
  private final PublishCounts counts;

  CheckpointRegistrar(Api api, Digests digests, PublishCounts counts) {
    this.api = api;
    this.digests = digests;
    this.counts = counts;
  }

  /**
   * Registers what the registry does not have and corrects drafts that differ.
   *
   * @return labels of the checkpoints that could not be registered; why is among the failures
   */
  Set<String> register(RunPlan plan) {
    var requests = new CheckpointRequests(plan.facts(), new FileEntries(digests));
    var failed = new HashSet<String>();
    var batch = new ArrayList<CheckpointFolder>();
    var body = new ByteArrayOutputStream();
    for (var checkpoint : plan.register()) {
      var line = Json.bytes(requests.checkpoint(checkpoint));
      body.writeBytes(line);
      body.write('\n');
      batch.add(checkpoint);
      if (batch.size() == LINES || body.size() > BYTES) {
        failed.addAll(send(plan, batch, body.toByteArray()));
        batch.clear();
        body.reset();
      }
    }
    if (!batch.isEmpty()) {
      failed.addAll(send(plan, batch, body.toByteArray()));
    }
    plan.amend().forEach(checkpoint -> amend(plan, checkpoint));
    return failed;
  }

  private Set<String> send(RunPlan plan, List<CheckpointFolder> batch, byte[] body) {
    var path = plan.address().path() + "/checkpoints/bulk";
    var failed = new HashSet<String>();
    var answered = new HashSet<Integer>();
    var answer =
        new String(api.postRaw(path, "application/x-ndjson", body), StandardCharsets.UTF_8);
    for (var text : answer.lines().filter(line -> !line.isBlank()).toList()) {
      var line = parse(path, text);
      var number = line.count("line");
      if (number < 1 || number > batch.size() || !answered.add((int) number)) {
        throw new CliException(
            ExitCode.FAILED, "The answer to " + path + " speaks of a line that was not sent");
      }
      var checkpoint = batch.get((int) number - 1);
      var status = line.count("status");
      if (status == 201 || status == 200) {
        counts.checkpointsRegistered.incrementAndGet();
      } else if (!(status == 409 && isThereAlready(plan, checkpoint))) {
        failed.add(checkpoint.name().label());
        var problem = ServerProblem.of((int) status, line.at("problem").node());
        counts.fail(
            "%s@%s: %s".formatted(plan.address(), checkpoint.name().label(), problem.text()));
      }
    }
    if (answered.size() < batch.size()) {
      throw new CliException(
          ExitCode.FAILED,
          "%s answered %d of %d lines; publish again"
              .formatted(path, answered.size(), batch.size()));
    }
    return failed;
  }

  private static Answer parse(String path, String line) {
    try {
      return new Answer(Json.MAPPER.readTree(line), path);
    } catch (JsonProcessingException e) {
      throw new CliException(ExitCode.FAILED, "The answer to " + path + " is not NDJSON", e);
    }
  }

  /** Whether a conflict is only the echo of a request whose answer was lost. */
  private boolean isThereAlready(RunPlan plan, CheckpointFolder checkpoint) {
    var label = checkpoint.name().label();
    var there = api.find(plan.address().checkpointPath(label));
    if (there.isEmpty() || there.get().count("step") != checkpoint.name().step()) {
      return false;
    }
    var files = RemoteRun.filesOf(api, plan.address(), label);
    if (!RunPlan.difference(RunPlan.local(checkpoint, digests), files).isEmpty()) {
      return false;
    }
    counts.checkpointsAlreadyThere.incrementAndGet();
    return true;
  }

  private void amend(RunPlan plan, CheckpointFolder checkpoint) {
    var label = checkpoint.name().label();
    var path = plan.address().checkpointPath(label) + "/files";
    var here = RunPlan.local(checkpoint, digests);
    var there = RemoteRun.filesOf(api, plan.address(), label);
    for (var gone : there.keySet()) {
      if (!here.containsKey(gone)) {
        api.delete(path + "/" + ServerUrl.path(gone));
      }
    }
    var changed =
        checkpoint.files().stream()
            .filter(file -> !digests.of(file).hex().equals(there.get(file.name())))
            .toList();
    for (int i = 0; i < changed.size(); i += FILES) {
      ObjectNode request = Json.object();
      request.set(
          "files",
          new FileEntries(digests)
              .ofCheckpoint(changed.subList(i, Math.min(changed.size(), i + FILES))));
      api.post(path, request);
    }
  }
}
