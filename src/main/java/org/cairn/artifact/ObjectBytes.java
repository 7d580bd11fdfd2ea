package org.cairn.artifact;

import io.quarkus.logging.Log;
import java.io.IOException;
import java.io.InputStream;
import org.cairn.storage.ByteRange;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an object in order. Reading goes on where a broken connection stopped it: objects
 * never change, and to begin a terabyte anew because of one lost packet would never end.
 */
final class ObjectBytes implements AutoCloseable {

  /** Breaks of the connection in a row, without a byte between them, that are put up with. */
  private static final int BREAKS = 3;

  private final ObjectStore store;
  private final ObjectKey key;
  private @Nullable InputStream stream;
  private long position;
  private int breaks;

  ObjectBytes(ObjectStore store, ObjectKey key) {
    this.store = store;
    this.key = key;
  }

  /** Fills the buffer; answers less than its length only at the end of the object. */
  int fill(byte[] buffer) throws IOException {
    int length = 0;
    while (length < buffer.length) {
      int read;
      try {
        var open = opened();
        read = open == null ? -1 : open.read(buffer, length, buffer.length - length);
      } catch (IOException e) {
        if (++breaks > BREAKS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        Log.debugf(e, "Reading %s goes on at %d", key, position);
        close();
        continue;
      }
      if (read < 0) {
        break;
      }
      breaks = 0;
      length += read;
      position += read;
    }
    return length;
  }

  private @Nullable InputStream opened() {
    if (stream == null && position == 0) {
      stream = store.open(key);
    } else if (stream == null) {
      var size =
          store
              .stat(key)
              .orElseThrow(
                  () -> new ObjectStoreException(Kind.NOT_FOUND, key + " vanished meanwhile", null))
              .size();
      stream = position < size ? store.open(key, ByteRange.from(position, size)) : null;
    }
    return stream;
  }

  @Override
  public void close() {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      Log.debugf(e, "Closing %s", key);
    }
    stream = null;
  }
}
