package org.cairn.recovery;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairn.artifact.BucketFolder;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.record.RecordName;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Records in the bucket. One that a newer took the place of was left by a crash; one with a number
 * that the catalogue has not reached is of a later catalogue.
 */
@ApplicationScoped
class RecordFolder implements BucketFolder {

  private final Sql sql;

  RecordFolder(Sql sql) {
    this.sql = sql;
  }

  @Override
  public ObjectKey folder() {
    return RecordName.ROOT;
  }

  @Override
  public Map<ObjectKey, Standing> standings(Collection<ObjectKey> keys) {
    var names = new HashMap<ObjectKey, RecordName>();
    keys.forEach(key -> RecordName.of(key).ifPresent(name -> names.put(key, name)));
    var reached =
        sql.query("select last_value from catalogue_record_number", List.of(), r -> r.getLong(1))
            .getFirst();
    var current = new HashMap<String, Long>();
    sql.query(
        "select folder, number from catalogue_record where folder = any (?)",
        List.of((Object) names.values().stream().map(RecordName::folder).toArray(String[]::new)),
        r -> current.merge(r.getString(1), r.getLong(2), Math::max));
    var standings = new HashMap<ObjectKey, Standing>();
    names.forEach((key, name) ->
        standings.put(key, standing(name.number(), reached, current.get(name.folder()))));
    return standings;
  }

  private static Standing standing(long number, long reached, @Nullable Long current) {
    if (number > reached) {
      return Standing.AHEAD;
    }
    if (current == null) {
      return Standing.UNKNOWN; // such as one that a rebuild could not read
    }
    return number >= current ? Standing.KNOWN : Standing.ABANDONED;
  }

  /** The catalogue has what a record is made of: the next has another number, and another key. */
  @Override
  public boolean renew(ObjectKey key) {
    sql.update(
        """
        insert into catalogue_change (kind, subject)
        select kind, subject from catalogue_record where stored_key = ?
        """,
        List.of(key.value()));
    return sql.update(
            "update catalogue_record set stored_key = null where stored_key = ?",
            List.of(key.value()))
        > 0;
  }

  @Override
  public List<NamedObject> named(String after, int limit) {
    return sql.query(
        """
        select stored_key, sha256 from catalogue_record
        where content is null and not gone and stored_key > ? order by stored_key limit ?
        """,
        List.of(after, limit),
        r -> {
          var key = new ObjectKey(r.getString(1));
          return new NamedObject(key.value(), key, new Sha256(r.getString(2)), null);
        });
  }
}
