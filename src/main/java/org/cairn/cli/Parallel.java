package org.cairn.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does many things at once, a bounded number at a time. */
final class Parallel {

  private Parallel() {}

  /**
   * Runs all {@code tasks} on {@code width} threads. The first failure keeps the tasks that have
   * not begun from beginning, and is thrown once the others are through.
   *
   * @return the results in the order of the tasks
   */
  static <T> List<T> all(int width, Collection<? extends Callable<T>> tasks) {
    var stopped = new AtomicBoolean();
    try (var executor = Executors.newFixedThreadPool(width, Thread.ofVirtual().factory())) {
      var futures = new ArrayList<Future<T>>(tasks.size());
      for (var task : tasks) {
        futures.add(executor.submit(() -> unlessStopped(task, stopped)));
      }
      var results = new ArrayList<T>(futures.size());
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.FAILED, "interrupted", e);
    }
  }

  private static <T> T unlessStopped(Callable<T> task, AtomicBoolean stopped) throws Exception {
    if (stopped.get()) {
      throw new CliException(ExitCode.FAILED, "not begun, because something else failed");
    }
    try {
      return task.call();
    } catch (Exception e) {
      stopped.set(true);
      throw e;
    }
  }
}
