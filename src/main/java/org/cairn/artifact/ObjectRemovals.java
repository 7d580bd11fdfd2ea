package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;

/**
 * The table of objects that nothing names any more: a row is written in the transaction that takes
 * the last name away, so that a crash leaves nothing in the bucket that nobody knows of.
 */
@ApplicationScoped
class ObjectRemovals {

  /** An address lives a little longer than is said. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Sql sql;
  private final TransferConfig config;

  ObjectRemovals(Sql sql, TransferConfig config) {
    this.sql = sql;
    this.config = config;
  }

  /** These go once every address that was given out for them has ended. */
  void add(Collection<String> keys) {
    sql.update(
        """
        insert into object_removal (storage_key, due_at)
        select key, now() + ? * interval '1 millisecond' from unnest(?) as gone (key)
        on conflict do nothing
        """,
        List.of(config.urlLife().plus(MARGIN).toMillis(), keys.toArray(String[]::new)));
  }

  /** Those of {@code keys} that are going to be deleted. */
  List<String> among(Collection<String> keys) {
    return sql.query(
        "select storage_key from object_removal where storage_key = any (?)",
        List.of((Object) keys.toArray(String[]::new)),
        row -> row.getString(1));
  }

  /** Objects that may be deleted now. */
  List<ObjectKey> due(int limit) {
    return sql.query(
        """
        select storage_key from object_removal r
        where due_at < now()
          and not exists (select 1 from artifact a where a.storage_key = r.storage_key)
        order by due_at limit ?
        """,
        List.of(limit),
        row -> new ObjectKey(row.getString(1)));
  }

  void done(Collection<ObjectKey> keys) {
    sql.update(
        "delete from object_removal where storage_key = any (?)",
        List.of((Object) keys.stream().map(ObjectKey::value).toArray(String[]::new)));
  }
}
