package org.cairn.record;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/** Which things changed, and what their records say. Talks to the database only. */
@ApplicationScoped
class RecordService {

  /** Whoever took a record stores it at once; after this somebody else does. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, RecordKind> kinds;
  private final Sql sql;
  private final Clock clock;

  RecordService(@All List<RecordKind> kinds, Sql sql, Clock clock) {
    this.kinds = kinds.stream().collect(Collectors.toMap(RecordKind::name, Function.identity()));
    this.sql = sql;
    this.clock = clock;
  }

  /** A thing of the catalogue. */
  record Subject(String kind, UUID id) {}

  /** Things that changed, or whose records nobody has stored yet, up to {@code limit}. */
  @Transactional
  List<Subject> due(int limit) {
    return sql.query(
        """
        (select kind, subject from catalogue_change where kind = any (?)
         group by kind, subject order by min(id) limit ?)
        union
        (select kind, subject from catalogue_record
         where (content is not null or gone) and changed_at < ? order by changed_at limit ?)
        """,
        List.of(
            // Of a later version, whose replicas are here already, there may be others.
            kinds.keySet().toArray(String[]::new),
            limit,
            clock.instant().minus(PATIENCE).atOffset(ZoneOffset.UTC),
            limit),
        r -> new Subject(r.getString(1), r.getObject(2, UUID.class)));
  }

  /** The same of a run and of all that it may hang on. */
  @Transactional
  List<Subject> dueAround(UUID run) {
    return sql.query(
        """
        select kind, subject from catalogue_change
        where subject = ? or kind in ('project', 'configuration', 'dataset', 'dataset-version')
        union
        select kind, subject from catalogue_record
        where (content is not null or gone)
          and (subject = ? or kind in ('project', 'configuration', 'dataset', 'dataset-version'))
        """,
        List.of(run, run),
        r -> new Subject(r.getString(1), r.getObject(2, UUID.class)));
  }

  /**
   * A record to be stored.
   *
   * @param folder where its objects are
   * @param before the object that it takes the place of
   * @param content null where the thing is gone: then only that is to be done, and {@link #forget}
   */
  record Pending(
      Subject subject,
      String folder,
      long number,
      @Nullable ObjectKey key,
      @Nullable Supplier<byte[]> content,
      @Nullable ObjectKey before) {}

  /** Writes down what the record of a thing says now; empty where it says what is stored. */
  @Transactional
  Optional<Pending> take(Subject subject) {
    // One at a time for a thing, so that the record with the higher number is the newer one.
    sql.query(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
        List.of("record " + subject.kind() + " " + subject.id()),
        r -> true);
    // Before the rows are read: whoever changes them from now on leaves another change.
    var changed =
        sql.update(
            "delete from catalogue_change where kind = ? and subject = ?",
            List.of(subject.kind(), subject.id()));
    var last = last(subject);
    if (changed == 0) {
      return last.filter(record -> record.content() != null || record.key() == null);
    }
    var rows =
        sql.query(
            Objects.requireNonNull(kinds.get(subject.kind())).select(),
            List.of(subject.id()),
            r -> new RecordFormat.Rows(r.getString(1), r.getString(2)));
    return rows.isEmpty() ? gone(subject, last) : written(subject, rows.getFirst(), last);
  }

  private Optional<Pending> gone(Subject subject, Optional<Pending> last) {
    sql.update(
        """
        update catalogue_record set gone = true, content = null, changed_at = ?
        where kind = ? and subject = ?
        """,
        List.of(clock.instant().atOffset(ZoneOffset.UTC), subject.kind(), subject.id()));
    return last.map(record ->
        new Pending(subject, record.folder(), record.number(), null, null, record.before()));
  }

  /** The objects of a thing that is gone are gone too. */
  @Transactional
  void forget(Subject subject) {
    sql.update(
        "delete from catalogue_record where kind = ? and subject = ? and gone",
        List.of(subject.kind(), subject.id()));
  }

  private Optional<Pending> written(
      Subject subject, RecordFormat.Rows rows, Optional<Pending> last) {
    var bytes = RecordFormat.bytes(subject.kind(), subject.id(), rows.json());
    var digest = Sha256.of(bytes);
    var before = last.map(Pending::before).orElse(null);
    var isStored =
        last.isPresent()
            && last.get().content() == null
            && last.get().key() != null
            && before != null
            && RecordName.of(before).map(RecordName::digest).filter(digest::equals).isPresent();
    if (isStored) {
      return Optional.empty();
    }
    var number =
        sql.query("select nextval('catalogue_record_number')", List.of(), r -> r.getLong(1))
            .getFirst();
    var values = new ArrayList<Object>();
    values.add(subject.kind());
    values.add(subject.id());
    values.add(rows.folder());
    values.add(number);
    values.add(digest.hex());
    values.add(bytes);
    values.add(clock.instant().atOffset(ZoneOffset.UTC));
    sql.update(
        """
        insert into catalogue_record (kind, subject, folder, number, sha256, content, changed_at)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (kind, subject) do update set folder = excluded.folder,
          number = excluded.number, sha256 = excluded.sha256, content = excluded.content,
          changed_at = excluded.changed_at, gone = false
        """,
        values);
    return Optional.of(
        new Pending(
            subject,
            rows.folder(),
            number,
            new RecordName(rows.folder(), number, digest).key(),
            () -> bytes,
            before));
  }

  private Optional<Pending> last(Subject subject) {
    return sql
        .query(
            """
            select folder, number, sha256, content, stored_key, gone from catalogue_record
            where kind = ? and subject = ?
            """,
            List.of(subject.kind(), subject.id()),
            r -> {
              var content = r.getBytes(4);
              var storedKey = r.getString(5);
              return new Pending(
                  subject,
                  r.getString(1),
                  r.getLong(2),
                  r.getBoolean(6)
                      ? null
                      : new RecordName(r.getString(1), r.getLong(2), new Sha256(r.getString(3)))
                          .key(),
                  content == null ? null : () -> content,
                  storedKey == null ? null : new ObjectKey(storedKey));
            })
        .stream()
        .findFirst();
  }

  /** The store has this record; answers whether it is still the newest. */
  @Transactional
  boolean stored(Subject subject, long number, ObjectKey key) {
    return sql.update(
            """
            update catalogue_record set content = null, stored_key = ?
            where kind = ? and subject = ? and number = ?
            """,
            List.of(key.value(), subject.kind(), subject.id(), number))
        == 1;
  }

  /** How many changes the bucket does not know of yet. */
  @Transactional
  long waiting() {
    return sql.query(
            """
            select (select count(*) from catalogue_change)
              + (select count(*) from catalogue_record where content is not null or gone)
            """,
            List.of(),
            r -> r.getLong(1))
        .getFirst();
  }
}
