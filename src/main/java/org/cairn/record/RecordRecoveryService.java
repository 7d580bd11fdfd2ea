package org.cairn.record;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;

/** Writes the rows of records into the tables that they came from. */
@ApplicationScoped
class RecordRecoveryService {

  /** What refers to drafts, of which the bucket knows nothing, refers to nothing from now on. */
  private static final Map<String, String> REFERENCES =
      Map.of(
          "parent_edge.parent_checkpoint_id",
          "(select c.id from checkpoint c where c.id = row.parent_checkpoint_id)",
          "parent_edge.parent_segment_id",
          "(select s.id from segment s where s.id = row.parent_segment_id)",
          "parent_edge.parent_run_id",
          "(select r.id from run r where r.id = row.parent_run_id)",
          "finding.checkpoint_id",
          "(select c.id from checkpoint c where c.id = row.checkpoint_id)");

  private static final Pattern COLUMN = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private final Sql sql;
  private final Clock clock;

  RecordRecoveryService(Sql sql, Clock clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /** Records that are written from now on have higher numbers than this. */
  @Transactional
  void continueAfter(long number) {
    sql.query(
        """
        select setval('catalogue_record_number',
          greatest(?, (select last_value from catalogue_record_number)))
        """,
        List.of(number),
        r -> r.getLong(1));
  }

  /**
   * Inserts the rows of these tables, all or none; those that are there already stay. The object is
   * the newest record of its thing from then on.
   */
  @Transactional(rollbackOn = RowsRefusedException.class)
  void insert(String kind, ObjectKey key, List<String> tables, String record) {
    try {
      tables.forEach(table -> insert(table, record));
      stored(kind, key, record);
    } catch (PersistenceException e) {
      throw new RowsRefusedException(e);
    }
  }

  /** A column that came after the record was written has its default. */
  private void insert(String table, String record) {
    var columns =
        sql.query(
            "select jsonb_object_keys(cast(? as jsonb) -> 'rows' -> ? -> 0)",
            List.of(record, table),
            r -> r.getString(1));
    if (columns.isEmpty()) {
      return;
    }
    if (!columns.stream().allMatch(COLUMN.asMatchPredicate())) {
      throw new RowsRefusedException(
          new IllegalArgumentException("it has names that no column has"));
    }
    var values =
        columns.stream()
            .map(column -> REFERENCES.getOrDefault(table + "." + column, "row." + column))
            .collect(Collectors.joining(", "));
    sql.update(
        """
        insert into %1$s (%2$s)
        select %3$s from jsonb_populate_recordset(
          null::%1$s, cast(? as jsonb) -> 'rows' -> '%1$s') as row
        on conflict do nothing
        """
            .formatted(table, String.join(", ", columns), values),
        List.of(record));
  }

  private void stored(String kind, ObjectKey key, String record) {
    var name = RecordName.of(key).orElseThrow();
    sql.update(
        """
        insert into catalogue_record
          (kind, subject, folder, number, sha256, stored_key, changed_at)
        values (?, cast(cast(? as jsonb) ->> 'subject' as uuid), ?, ?, ?, ?, ?)
        on conflict (kind, subject) do nothing
        """,
        List.of(
            kind,
            record,
            name.folder(),
            name.number(),
            name.digest().hex(),
            key.value(),
            clock.instant().atOffset(ZoneOffset.UTC)));
  }
}
