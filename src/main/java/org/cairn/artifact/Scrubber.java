package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.cairn.artifact.ScrubRepository.Target;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;

/** Reads objects from the first byte to the last, to see whether they are what they were. */
@ApplicationScoped
class Scrubber {

  private static final int BUFFER = 1 << 20;

  private final ObjectStore store;

  Scrubber(ObjectStore store) {
    this.store = store;
  }

  /**
   * What an object was found to be.
   *
   * @param size that it has; null where it is not there
   */
  record Found(@Nullable Damage damage, @Nullable Long size) {}

  /**
   * Reads an object; one that seems to be damaged is read again, since a wrong read is no damage.
   *
   * @throws ObjectStoreException when the store does not answer, which says nothing of the object
   */
  Found read(Target target, Pace pace, BooleanSupplier cancelled)
      throws IOException, InterruptedException {
    var first = readOnce(target, pace, cancelled);
    return first.damage() == null ? first : readOnce(target, pace, cancelled);
  }

  private Found readOnce(Target target, Pace pace, BooleanSupplier cancelled)
      throws IOException, InterruptedException {
    var digest = Sha256.newDigest();
    long length = 0;
    try (var bytes = new ObjectBytes(store, target.key())) {
      var known = target.size();
      var buffer = new byte[known == null ? BUFFER : Math.clamp(known + 1, 1 << 13, BUFFER)];
      int read;
      do {
        if (cancelled.getAsBoolean()) {
          throw new CancellationException("cancelled after " + length + " bytes");
        }
        read = bytes.fill(buffer);
        digest.update(buffer, 0, read);
        length += read;
        pace.passed(read);
      } while (read == buffer.length);
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.NOT_FOUND && store.stat(target.key()).isEmpty()) {
        return new Found(Damage.MISSING, null);
      }
      throw e;
    }
    if (Sha256.of(digest).equals(target.sha256())) {
      return new Found(null, length);
    }
    var shorter = target.size() != null && length < target.size();
    return new Found(shorter ? Damage.TRUNCATED : Damage.FLIPPED, length);
  }
}
