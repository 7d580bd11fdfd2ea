package org.cairn.recovery;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.cairn.artifact.ArtifactRecovery;
import org.cairn.embedded.CatalogueRebuild.Lost;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;

/** Hashes all that is stored, on all processors, folder by folder. */
@ApplicationScoped
class BytesRecovery {

  private static final long PROGRESS_SECONDS = 5;

  private final ArtifactRecovery artifacts;

  BytesRecovery(ArtifactRecovery artifacts) {
    this.artifacts = artifacts;
  }

  /** Answers which objects are not what they are called. */
  List<Lost> recover(Consumer<String> progress) throws InterruptedException {
    var tally = new Tally();
    try (var workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      var folders = new ArrayList<Callable<Void>>();
      for (int folder = 0; folder < ArtifactRecovery.FOLDERS; folder++) {
        int number = folder;
        folders.add(() -> {
          artifacts.recover(number, tally);
          return null;
        });
      }
      var running = folders.stream().map(workers::submit).toList();
      try {
        running.forEach(folder -> await(folder, tally, progress));
      } finally {
        workers.shutdownNow();
      }
    }
    progress.accept(tally.toString());
    return List.copyOf(tally.unusable);
  }

  private static void await(Future<?> folder, Tally tally, Consumer<String> progress) {
    while (true) {
      try {
        folder.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        progress.accept(tally.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException failure -> throw failure;
          case IOException failure -> throw new UncheckedIOException(failure);
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
  }

  private static final class Tally implements ArtifactRecovery.Listener {
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong hashed = new AtomicLong();
    private final List<Lost> unusable = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void recovered(Sha256 sha256, long size) {
      objects.incrementAndGet();
      hashed.addAndGet(size);
    }

    @Override
    public void unusable(ObjectKey key, String reason) {
      unusable.add(new Lost(key.value(), reason));
    }

    @Override
    public String toString() {
      return "hashed and indexed: %,d objects, %,d bytes".formatted(objects.get(), hashed.get());
    }
  }
}
