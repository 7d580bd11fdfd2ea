package org.cairn.record;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.cairn.record.RecordService.Pending;
import org.cairn.record.RecordService.Subject;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;

/** Brings records into the bucket. Talks to the store, so never to be called in a transaction. */
@ApplicationScoped
public class RecordShipper {

  private static final String MEDIA_TYPE = "application/gzip";

  private final RecordService records;
  private final ObjectStore store;

  RecordShipper(RecordService records, ObjectStore store) {
    this.records = records;
    this.store = store;
  }

  /**
   * When this returns, the bucket knows of all that a run hangs on, as it was when this was called:
   * whatever is sealed next can be made again from the bucket.
   */
  public void settle(UUID run) {
    records.dueAround(run).forEach(this::ship);
  }

  /**
   * Stores the records of things that changed, up to {@code limit}; answers how many. One that the
   * store refuses, or that is too large for it, does not keep the others back.
   *
   * @throws ObjectStoreException with all of them waiting, where the store is away
   */
  int shipDue(int limit) {
    int shipped = 0;
    for (var subject : records.due(limit)) {
      try {
        ship(subject);
        shipped++;
      } catch (ObjectStoreException | IllegalArgumentException e) {
        if (e instanceof ObjectStoreException fault && fault.retryable()) {
          throw e;
        }
        Log.errorf(e, "The store does not take the record of %s %s", subject.kind(), subject.id());
      }
    }
    return shipped;
  }

  private void ship(Subject subject) {
    records.take(subject).ifPresent(this::store);
  }

  private void store(Pending pending) {
    var key = pending.key();
    var content = pending.content();
    if (key == null || content == null) {
      delete(pending.before());
      store.delete(leftOf(pending));
      records.forget(pending.subject());
      return;
    }
    try {
      store.putIfAbsent(key, content.get(), MEDIA_TYPE);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.EXISTS) {
        throw e;
      }
    }
    if (!records.stored(pending.subject(), pending.number(), key)) {
      delete(key); // a newer one is on its way, or the thing is gone
    } else if (!key.equals(pending.before())) {
      delete(pending.before());
    }
  }

  /**
   * All records of a thing, also those that a crash left beside the newest: a rebuild would bring
   * the thing back. Another of the same name has higher numbers.
   */
  private List<ObjectKey> leftOf(Pending gone) {
    try (var objects = store.list(ObjectKey.of(RecordName.ROOT.value(), gone.folder()))) {
      return objects
          .map(ObjectInfo::key)
          .filter(key ->
              RecordName.of(key)
                  .filter(name -> name.folder().equals(gone.folder()))
                  .filter(name -> name.number() <= gone.number())
                  .isPresent())
          .toList();
    }
  }

  private void delete(@Nullable ObjectKey key) {
    if (key != null) {
      store.delete(List.of(key));
    }
  }
}
