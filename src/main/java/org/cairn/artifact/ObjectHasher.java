package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.cairn.artifact.ArtifactInspector.Inspection;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * Hashes an object from the first byte to the last, and shows its bytes to an {@link
 * ArtifactInspector}. One thread reads while others hash and inspect; a ring of buffers between
 * them bounds the memory whatever the size.
 */
@ApplicationScoped
class ObjectHasher {

  private static final int BUFFER = 1 << 20;
  private static final int BUFFERS = 4;

  /** What an object turned out to be, and what else was seen in it. */
  record Hashed(Sha256 sha256, long size, Optional<Inspection> inspection) {}

  /** Goes round the ring; its fields belong to the thread that took it out of a queue. */
  private static final class Chunk {
    private final byte[] bytes;
    private final AtomicInteger users = new AtomicInteger();
    private int length;
    private boolean last;
    private @Nullable Throwable failure;

    Chunk(int capacity) {
      this.bytes = new byte[capacity];
    }
  }

  private final ObjectStore store;
  private final ArtifactInspector inspector;

  ObjectHasher(ObjectStore store, ArtifactInspector inspector) {
    this.store = store;
    this.inspector = inspector;
  }

  /**
   * Hashes an object.
   *
   * @param about its size as far as is known; a hint for the buffers and for the inspector
   * @param progress is told the bytes hashed so far
   * @param cancelled is asked before each buffer; where it agrees, a CancellationException follows
   */
  Hashed hash(ObjectKey key, long about, LongConsumer progress, BooleanSupplier cancelled)
      throws IOException, InterruptedException {
    var empty = new ArrayBlockingQueue<Chunk>(BUFFERS);
    var full = new ArrayBlockingQueue<Chunk>(BUFFERS + 1);
    var size = Math.clamp(about, 8 << 10, BUFFER);
    for (int i = 0; i < BUFFERS; i++) {
      empty.add(new Chunk(size));
    }
    var reader =
        Thread.ofVirtual()
            .name("read " + key)
            .start(() -> read(new ObjectBytes(store, key), empty, full));
    var lanes = new ArrayList<LaneThread>();
    try {
      var digest = Sha256.newDigest();
      Optional<Inspection> inspection = Optional.empty();
      long hashed = 0;
      while (true) {
        var chunk = full.take();
        rethrow(chunk.failure, key);
        if (hashed == 0) {
          inspection = inspector.begin(about, chunk.bytes, chunk.length);
          inspection.ifPresent(
              seen -> seen.lanes().forEach(lane -> lanes.add(new LaneThread(lane, empty))));
        }
        chunk.users.set(1 + lanes.size());
        lanes.forEach(lane -> lane.chunks.add(chunk));
        digest.update(chunk.bytes, 0, chunk.length);
        hashed += chunk.length;
        progress.accept(hashed);
        if (chunk.last) {
          for (var lane : lanes) {
            rethrow(lane.end(), key);
          }
          return new Hashed(Sha256.of(digest), hashed, inspection);
        }
        if (cancelled.getAsBoolean()) {
          throw new CancellationException("cancelled after " + hashed + " bytes");
        }
        release(chunk, empty);
      }
    } finally {
      // Closes the connection too: blocking reads of a virtual thread end when it is interrupted.
      reader.interrupt();
      lanes.forEach(lane -> lane.thread.interrupt());
    }
  }

  private static void rethrow(@Nullable Throwable failure, ObjectKey key) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IOException("Reading " + key + " failed", e);
    }
  }

  /** The last of those who use a chunk gives it back to the reader. */
  private static void release(Chunk chunk, BlockingQueue<Chunk> empty) {
    if (chunk.users.decrementAndGet() == 0) {
      empty.add(chunk); // there is room for all chunks
    }
  }

  /** Shows the chunks to a lane of the inspection; a platform thread, as it only computes. */
  private static final class LaneThread {
    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(BUFFERS);
    private final ArtifactInspector.Lane lane;
    private final BlockingQueue<Chunk> empty;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    LaneThread(ArtifactInspector.Lane lane, BlockingQueue<Chunk> empty) {
      this.lane = lane;
      this.empty = empty;
      this.thread = Thread.ofPlatform().daemon().name("inspect").start(this::run);
    }

    private void run() {
      try {
        boolean last;
        do {
          var chunk = chunks.take();
          last = chunk.last;
          if (failure == null) {
            show(chunk);
          }
          release(chunk, empty);
        } while (!last);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody waits for more
      }
    }

    /** A lane that fails must not stop the ring, which would stand still for ever. */
    private void show(Chunk chunk) {
      try {
        lane.add(chunk.bytes, 0, chunk.length);
      } catch (Throwable e) {
        failure = e;
      }
    }

    /** Waits for the end; answers what went wrong. */
    @Nullable Throwable end() throws InterruptedException {
      thread.join();
      return failure;
    }
  }

  private static void read(
      ObjectBytes source, BlockingQueue<Chunk> empty, BlockingQueue<Chunk> full) {
    try (source) {
      boolean last;
      do {
        var chunk = empty.take();
        chunk.length = source.fill(chunk.bytes);
        last = chunk.length < chunk.bytes.length;
        chunk.last = last;
        full.put(chunk);
      } while (!last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody waits for more
    } catch (Throwable e) { // an error too: whoever hashes would wait for ever
      var end = new Chunk(0);
      end.failure = e;
      // There is room: the queue is one longer than the ring.
      var _ = full.offer(end);
    }
  }
}
