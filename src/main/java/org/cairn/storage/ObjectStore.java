package org.cairn.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bucket of immutable objects: no operation replaces one. The surface is kept minimal: what only
 * one store can do is not here, and nothing is emulated that a store does not promise.
 *
 * <p>Every operation blocks and may throw {@link ObjectStoreException}; where only some kinds
 * matter, they are named. No operation takes part in a database transaction, so none may be called
 * inside one.
 */
public interface ObjectStore {

  /** Largest object that {@link #putIfAbsent} takes: it is held in memory and sent in one piece. */
  int MAX_SMALL = 64 << 20;

  /**
   * Stores a small object unless its key is taken. Of any number of concurrent callers exactly one
   * succeeds. Readers see either nothing or the whole object.
   *
   * <p>Callers name by its digest what they store, or give it a name of their own: where a store
   * replaces an object all the same, it does so with the same bytes, and nothing is lost.
   *
   * @throws ObjectStoreException EXISTS when the key is taken; nothing was changed then
   */
  void putIfAbsent(ObjectKey key, byte[] bytes, String contentType);

  /**
   * Opens an object from its first byte. The stream holds a connection: close it, also after having
   * read only a part. Reading throws {@link IOException} when the connection breaks, and never ends
   * early without one.
   *
   * @throws ObjectStoreException NOT_FOUND
   */
  InputStream open(ObjectKey key);

  /**
   * As {@link #open(ObjectKey)}, for a part of an object. A range that reaches beyond the end is
   * cut there.
   *
   * @throws ObjectStoreException NOT_FOUND; INVALID when the range begins at or beyond the end
   */
  InputStream open(ObjectKey key, ByteRange range);

  /** Describes an object; empty when there is none. */
  Optional<ObjectInfo> stat(ObjectKey key);

  /**
   * Lists the objects below a folder, at any depth, in no promised order. Pages are fetched while
   * the stream is read. What is written or deleted meanwhile may or may not be listed.
   */
  Stream<ObjectInfo> list(ObjectKey folder);

  /**
   * Deletes objects; one that is not there is no failure. Not atomic: when it fails, any of them
   * may be gone.
   */
  void delete(Collection<ObjectKey> keys);

  /**
   * An address from which anybody can read the object until {@code life} has passed. Neither checks
   * that the object is there nor talks to the store. Signed for the public endpoint.
   */
  URI presignGet(ObjectKey key, Duration life, Presentation presentation);

  /** Starts an upload in parts. The object appears when the upload is completed, not before. */
  MultipartUpload startMultipart(ObjectKey key, String contentType);

  /**
   * An address to which anybody can PUT a part until {@code life} has passed. The store checks
   * neither its length nor its bytes. Signed for the public endpoint; does not talk to the store.
   */
  URI presignPart(MultipartUpload upload, int number, Duration life);

  /**
   * Stores a part, replacing an earlier one of the same number. The bytes are passed on as they are
   * read: memory does not grow with {@code size}.
   *
   * @throws IOException when {@code bytes} cannot be read or ends before {@code size}; the store
   *     holds what it held before. Not promised: a store may not notice, and take a part of the
   *     right size with a wrong end
   * @throws ObjectStoreException NOT_FOUND when the upload was completed or aborted; not promised,
   *     a store may take the part and keep it for nobody
   */
  PartInfo putPart(MultipartUpload upload, int number, InputStream bytes, long size)
      throws IOException;

  /**
   * All parts that have arrived, by number.
   *
   * @throws ObjectStoreException NOT_FOUND when the upload was completed or aborted
   */
  List<PartInfo> listParts(MultipartUpload upload);

  /**
   * Makes the object of these parts, which are in order of their numbers.
   *
   * <p>Not every store heeds the condition that the key is not taken, so nobody may rely on it: a
   * key ends in the id of its only upload, or in the digest of what is sent to it. Its object could
   * then be replaced only by completing that upload once more with other parts, and those a store
   * without the condition does not take when the upload is over.
   *
   * @throws ObjectStoreException NOT_FOUND when the upload was completed or aborted, for which a
   *     store may also answer UNAVAILABLE, or, when it was completed, do nothing and say nothing;
   *     EXISTS when the key is taken: nothing was changed then, which not every store promises;
   *     INVALID when a part was replaced meanwhile, or one but the last is smaller than {@link
   *     MultipartUpload#MIN_PART_SIZE}
   */
  void completeMultipart(MultipartUpload upload, List<PartInfo> parts);

  /**
   * Drops an upload and its parts; one that is not there is no failure. A part that is on its way
   * meanwhile may survive, and with it the upload: {@link #listMultiparts} shows it.
   */
  void abortMultipart(MultipartUpload upload);

  /**
   * Lists the unfinished uploads below a folder, whoever started them, in no promised order, a page
   * at a time while the stream is read. A store that drops abandoned uploads by itself may list
   * none of them.
   */
  Stream<StaleMultipart> listMultiparts(ObjectKey folder);
}
