package org.cairn.xet;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.storage.ByteRange;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;

/**
 * Pieces in the store until artifacts are made of them. Their keys are all that is known of them:
 * {@code staging/{session}/xorbs/{hash}}, {@code .../indexes/{hash}}, and {@code
 * .../recipes/{name}} for a file that is being made.
 */
@ApplicationScoped
class Staging {

  static final ObjectKey FOLDER = new ObjectKey("staging");
  static final String RECIPES = "recipes";

  private static final String OCTETS = "application/octet-stream";

  private final ObjectStore store;

  Staging(ObjectStore store) {
    this.store = store;
  }

  boolean hasXorb(UUID session, XetHash xorb) {
    return store.stat(key(session, "xorbs", xorb.text())).isPresent();
  }

  /**
   * Stores a xorb as it comes in. Its index is there before it is. A store may replace the xorb
   * when its client sends it twice at a time: with what that client takes for the same bytes, and
   * what is made of others does not pass its verification.
   *
   * @return whether it was not there before
   */
  boolean putXorb(UUID session, XetHash xorb, XorbScan bytes, long length) throws IOException {
    var upload = store.startMultipart(key(session, "xorbs", xorb.text()), OCTETS);
    boolean stored = false;
    try {
      var part = store.putPart(upload, 1, bytes, length);
      var index = bytes.finish().encode();
      putUnlessThere(key(session, "indexes", xorb.text()), index);
      store.completeMultipart(upload, List.of(part));
      stored = true;
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.EXISTS) {
        throw e;
      }
      // The same piece, sent twice at a time.
    } finally {
      if (!stored) {
        abandon(upload);
      }
    }
    return stored;
  }

  private void abandon(MultipartUpload upload) {
    try {
      store.abortMultipart(upload);
    } catch (ObjectStoreException e) {
      Log.warnf(e, "Multipart upload %s is left to the sweep", upload);
    }
  }

  /** Where the chunks of a xorb lie; empty where it was not sent. */
  Optional<XorbIndex> index(UUID session, XetHash xorb) throws IOException {
    if (!hasXorb(session, xorb)) {
      return Optional.empty();
    }
    return read(key(session, "indexes", xorb.text())).map(XorbIndex::decode);
  }

  InputStream open(UUID session, Term term) {
    return store.open(
        key(session, "xorbs", term.xorb().text()), new ByteRange(term.offset(), term.stored()));
  }

  void putRecipe(UUID session, String name, byte[] recipe) {
    putUnlessThere(key(session, RECIPES, name), recipe);
  }

  /** Throws where it is gone. */
  byte[] recipe(UUID session, String name) throws IOException {
    try (var stream = store.open(key(session, RECIPES, name))) {
      return stream.readAllBytes();
    }
  }

  void deleteRecipe(UUID session, String name) {
    store.delete(List.of(key(session, RECIPES, name)));
  }

  private Optional<byte[]> read(ObjectKey key) throws IOException {
    try (var stream = store.open(key)) {
      return Optional.of(stream.readAllBytes());
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private void putUnlessThere(ObjectKey key, byte[] bytes) {
    try {
      store.putIfAbsent(key, bytes, OCTETS);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.EXISTS) {
        throw e;
      }
    }
  }

  private static ObjectKey key(UUID session, String kind, String name) {
    return ObjectKey.of(FOLDER.value(), session.toString(), kind, name);
  }
}
