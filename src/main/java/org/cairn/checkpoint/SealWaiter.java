package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;

/**
 * Seals and waits for the outcome, so that a client that publishes needs one request for each
 * checkpoint.
 */
@ApplicationScoped
class SealWaiter {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final SealService seals;
  private final CheckpointListService checkpoints;

  SealWaiter(SealService seals, CheckpointListService checkpoints) {
    this.seals = seals;
    this.checkpoints = checkpoints;
  }

  /** The checkpoint: sealed, or still sealing when {@code wait} is over. */
  CheckpointView seal(String project, String run, String ref, Duration wait) {
    seals.begin(project, run, ref);
    long deadline = System.nanoTime() + wait.toNanos();
    var pause = FIRST_PAUSE;
    var row = checkpoints.row(project, run, ref);
    try {
      while (row.state() == CheckpointState.SEALING && System.nanoTime() < deadline) {
        Thread.sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
        row = checkpoints.row(project, run, ref);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops: answer with what is known
    }
    if (row.state() == CheckpointState.DRAFT) {
      var reason = String.valueOf(row.sealFailure());
      throw new RegistryException(
          ProblemType.INCOMPLETE,
          "Checkpoint " + row.label() + " cannot be sealed: " + reason,
          List.of(new Problem.Violation("files", reason)));
    }
    return checkpoints.get(project, run, row.label()).view();
  }
}
