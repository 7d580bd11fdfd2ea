package org.cairn.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what may work a little later: a connection that broke, a server that restarts or asks
 * for patience. Waits double each time, with chance in them so that many clients do not come back
 * at the same moment.
 */
record Retry(int attempts, Duration first, Duration longest) {

  /** A rolling restart of the service, or a router that comes back, takes less than this. */
  static final Retry PATIENT = new Retry(9, Duration.ofMillis(300), Duration.ofSeconds(20));

  /** Is anybody there at all? */
  static final Retry BRIEF = new Retry(3, Duration.ofMillis(200), Duration.ofSeconds(1));

  private static final int MOST_FAULTS = 4;

  /** The longest wait that a server may ask for. */
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(5);

  /** An answer after which the same request may be sent again. */
  static final class LaterException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient ServerProblem problem;
    private final @Nullable Duration after;

    LaterException(ServerProblem problem, @Nullable Duration after) {
      super(problem.text());
      this.problem = problem;
      this.after = after;
    }

    ServerProblem problem() {
      return problem;
    }
  }

  /** One attempt. */
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Runs {@code attempt} until it succeeds, fails for good, or there were enough of them.
   *
   * @param what what is tried, for the message
   */
  <T> T run(String what, Attempt<T> attempt) {
    for (int failures = 0; ; ) {
      try {
        return attempt.run();
      } catch (IOException e) {
        if (++failures >= (isFault(e) ? Math.min(attempts, MOST_FAULTS) : attempts)) {
          throw gaveUp(what, e);
        }
        sleep(what, delay(failures, e));
      } catch (InterruptedException e) {
        throw interrupted(what, e);
      }
    }
  }

  /** A fault of the service itself seldom goes away by waiting. */
  private static boolean isFault(IOException e) {
    return e instanceof LaterException later && later.problem().status() == 500;
  }

  private Duration delay(int failures, IOException e) {
    if (e instanceof LaterException later && later.after != null) {
      return later.after.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : later.after;
    }
    var exponential = first.toMillis() << Math.min(failures - 1, 20);
    var bounded = Math.min(exponential, longest.toMillis());
    return Duration.ofMillis(bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
  }

  private static CliException gaveUp(String what, IOException e) {
    if (e instanceof LaterException later) {
      return new ProblemException(what, later.problem());
    }
    var reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new CliException(
        ExitCode.UNREACHABLE, what + ": the server does not answer (" + reason + ")", e);
  }

  private static void sleep(String what, Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  private static CliException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CliException(ExitCode.FAILED, what + ": interrupted", e);
  }
}
