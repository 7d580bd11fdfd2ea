package org.cairn.artifact;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the bucket with small objects that are named by their own hash. The feature whose
 * they are implements it, as a CDI bean; folders that nobody implements are never touched.
 */
public interface BucketFolder {

  /** Name of the folder; none lies in another. */
  ObjectKey folder();

  /**
   * How objects stand that are in the folder, in the caller's transaction. They were listed before,
   * and a row that names an object was committed before that was stored: what no row names now is
   * not about to be named. Whatever is left out of the answer is somebody else's, and ignored.
   */
  Map<ObjectKey, Standing> standings(Collection<ObjectKey> keys);

  /**
   * Objects that must be there, by {@link NamedObject#position}; in the caller's transaction.
   *
   * @param after the position of the last one that was seen; empty for the first
   */
  List<NamedObject> named(String after, int limit);

  /**
   * Has another object written in place of one that is damaged and has no {@link NamedObject#copy};
   * in the caller's transaction. Answers whether the catalogue can do that.
   */
  default boolean renew(ObjectKey key) {
    return false;
  }

  /** How an object stands in the catalogue. */
  enum Standing {
    /** The catalogue names it. */
    KNOWN,
    /** The catalogue says that nobody will ever need it. */
    ABANDONED,
    /** The catalogue does not know it; nothing hangs on it. It is kept. */
    UNKNOWN,
    /**
     * The catalogue does not know it and should: it is older than the bucket. Until it has been
     * rebuilt nothing can be proved to be needed by nobody, and so nothing is deleted.
     */
    AHEAD
  }

  /**
   * An object that the catalogue names.
   *
   * @param copy its content, where the catalogue has that
   */
  record NamedObject(String position, ObjectKey key, Sha256 sha256, @Nullable String copy) {}
}
