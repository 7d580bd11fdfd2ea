package org.cairn.artifact;

import io.quarkus.test.junit.QuarkusMock;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/** A store whose streams are counted, and which breaks when it is told to. */
public final class WatchedStore {

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private volatile int breaksAt = Integer.MAX_VALUE;
  private volatile int refusesAt = Integer.MAX_VALUE;

  /** Stands between the running service and its store until the test ends. */
  public static WatchedStore install(ArtifactService artifacts, ObjectStore store) {
    var watched = new WatchedStore();
    var faulty = FaultyStore.of(store, "open", (arguments, call) -> watched.open(call.call()));
    QuarkusMock.installMockForType(new ArtifactReader(artifacts, faulty), ArtifactReader.class);
    return watched;
  }

  private InputStream open(Object stream) {
    int number = opened.incrementAndGet();
    if (number >= refusesAt) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.UNAVAILABLE, "the store went away", null);
    }
    open.incrementAndGet();
    return new Watched((InputStream) stream, number >= breaksAt);
  }

  /** From this stream on, counted from 1, reading fails after the first bytes. */
  public void breakAt(int stream) {
    breaksAt = stream;
  }

  /** From this stream on, counted from 1, nothing can be opened. */
  public void refuseAt(int stream) {
    refusesAt = stream;
  }

  /** Streams that were opened so far. */
  public int opened() {
    return opened.get();
  }

  /** Streams that are not closed yet. */
  public int open() {
    return open.get();
  }

  private final class Watched extends FilterInputStream {
    private final boolean breaks;
    private boolean closed;
    private int reads;

    Watched(InputStream bytes, boolean breaks) {
      super(bytes);
      this.breaks = breaks;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (breaks && reads++ > 0) {
        throw new IOException("the store went away");
      }
      return super.read(buffer, offset, breaks ? Math.min(length, 10) : length);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
      super.close();
    }
  }
}
