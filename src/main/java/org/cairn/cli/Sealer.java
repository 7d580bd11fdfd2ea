package org.cairn.cli;

import java.time.Duration;
import java.util.Map;
import org.cairn.platform.Sha256;

/** Seals checkpoints: asks until the service says that it is done, or why it cannot be. */
final class Sealer {

  private static final Duration PATIENCE = Duration.ofMinutes(60);

  private final Api api;
  private final Verification verification;
  private final PublishCounts counts;

  Sealer(Api api, Verification verification, PublishCounts counts) {
    this.api = api;
    this.verification = verification;
    this.counts = counts;
  }

  /**
   * Seals one checkpoint and counts it, or records why not.
   *
   * @param files what it consists of, to explain a failure by the file that caused it
   */
  void seal(RunAddress run, String label, Map<Sha256, LocalFile> files) {
    try {
      sealOrThrow(run, label);
    } catch (ProblemException e) {
      if (!e.problem().is("incomplete")) {
        throw e;
      }
      var failures = verification.await(files);
      if (failures.isEmpty()) {
        sealOrThrow(run, label); // all is verified now, so it was only too early
      } else {
        failures.forEach(failure -> counts.failures.add(failure, ExitCode.MISMATCH));
        counts.failures.add("%s@%s is not sealed".formatted(run, label), ExitCode.FAILED);
        return;
      }
    }
    counts.sealed.incrementAndGet();
  }

  private void sealOrThrow(RunAddress run, String label) {
    var path = run.checkpointPath(label) + "/seal?wait=20";
    var begun = System.nanoTime();
    while (true) {
      var reply = api.reply("POST", path, Json.object());
      var view = new Answer(reply.body(), path);
      var state = view.text("state");
      if (state.equals("sealed")) {
        return;
      }
      if (state.equals("draft") || System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new CliException(
            ExitCode.FAILED,
            "%s@%s is not sealed: %s"
                .formatted(run, label, view.textOr("sealFailure", "it is still " + state)));
      }
      Verification.pause();
    }
  }
}
