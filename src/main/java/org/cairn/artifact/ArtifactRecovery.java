package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.cairn.artifact.ObjectHasher.Hashed;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;

/**
 * Takes the bytes of the bucket into a catalogue that does not know them. Each of them is hashed
 * and indexed as after an upload: what an object is called proves nothing.
 */
@ApplicationScoped
public class ArtifactRecovery {

  /** Folders, by the first two digits of a digest, that can be recovered independently. */
  public static final int FOLDERS = 256;

  private static final int BATCH = 200;
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  private final ArtifactRecoveryService artifacts;
  private final ObjectHasher hasher;
  private final ObjectStore store;

  ArtifactRecovery(ArtifactRecoveryService artifacts, ObjectHasher hasher, ObjectStore store) {
    this.artifacts = artifacts;
    this.hasher = hasher;
    this.store = store;
  }

  /** Hears what becomes of each object; from several threads. */
  public interface Listener {

    /** Bytes that can be read from now on. */
    void recovered(Sha256 sha256, long size);

    /** An object that is not what its name says. */
    void unusable(ObjectKey key, String reason);
  }

  /**
   * Recovers a folder; what the catalogue knows is left as it is. Nothing is said of an object that
   * is not what its name says where another upload of the same digest is whole, in whatever order
   * the store lists them.
   */
  public void recover(int folder, Listener listener) throws IOException, InterruptedException {
    var whole = new HashSet<Sha256>();
    var unusable = new LinkedHashMap<ObjectKey, String>();
    try (var objects = store.list(ObjectKey.of("artifacts", "%02x".formatted(folder)))) {
      var batches = objects.gather(Gatherers.windowFixed(BATCH)).iterator();
      while (batches.hasNext()) {
        var batch = batches.next();
        whole.addAll(
            artifacts.known(
                batch.stream().flatMap(o -> digest(o.key()).stream()).collect(Collectors.toSet())));
        for (var object : batch) {
          var digest = digest(object.key());
          if (digest.isPresent() && !whole.contains(digest.get())) {
            var hashed = hasher.hash(object.key(), object.size(), done -> {}, () -> false);
            if (hashed.sha256().equals(digest.get())) {
              keep(object, hashed);
              listener.recovered(hashed.sha256(), hashed.size());
              whole.add(hashed.sha256());
            } else {
              unusable.put(
                  object.key(),
                  "it has %d bytes with SHA-256 %s".formatted(hashed.size(), hashed.sha256()));
            }
          }
        }
      }
    }
    unusable.keySet().removeIf(key -> whole.contains(digest(key).orElseThrow()));
    unusable.forEach(listener::unusable);
  }

  private void keep(ObjectInfo object, Hashed hashed) {
    hashed.inspection().ifPresent(seen -> seen.keep(hashed.sha256()));
    var mediaType = store.stat(object.key()).map(ObjectInfo::contentType).orElse(UNKNOWN_TYPE);
    artifacts.recovered(hashed.sha256(), hashed.size(), mediaType, object.key());
  }

  /** The second last part of a key; empty for what others put into the folder. */
  private static Optional<Sha256> digest(ObjectKey key) {
    var parts = List.of(key.value().split("/", -1));
    return parts.size() == 4 && parts.get(2).matches(Sha256.REGEX)
        ? Optional.of(new Sha256(parts.get(2)))
        : Optional.empty();
  }
}
