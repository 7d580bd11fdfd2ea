package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/** Reads what hangs on checkpoints, their labels and files: of any number in one statement. */
@ApplicationScoped
class CheckpointContentQueries {

  private final Sql sql;

  CheckpointContentQueries(Sql sql) {
    this.sql = sql;
  }

  /**
   * The labels that each of these checkpoints holds now, the primary one among them, in order of
   * assignment.
   */
  Map<UUID, List<String>> labels(Collection<UUID> ids) {
    var labels = new HashMap<UUID, List<String>>();
    sql.query(
        """
        select checkpoint_id, label from checkpoint_label
        where checkpoint_id = any (?) and retired_at is null
        order by assigned_at, label collate "C"
        """,
        Collections.singletonList(ids.toArray(UUID[]::new)),
        r ->
            labels
                .computeIfAbsent(r.getObject(1, UUID.class), id -> new ArrayList<>())
                .add(r.getString(2)));
    return labels;
  }

  /** A label that a checkpoint has, or had until {@code retiredAt}. */
  record LabelSpan(String label, Instant assignedAt, @Nullable Instant retiredAt) {}

  /** All labels that a checkpoint ever had, in order of assignment. */
  List<LabelSpan> labelSpans(UUID id) {
    return sql.query(
        """
        select label, assigned_at, retired_at from checkpoint_label
        where checkpoint_id = ? order by assigned_at, label, retired_at
        """,
        List.of(id),
        r ->
            new LabelSpan(
                r.getString(1),
                Objects.requireNonNull(Sql.instant(r, "assigned_at")),
                Sql.instant(r, "retired_at")));
  }

  /** Number and size of the files of a checkpoint. */
  record Totals(long files, long bytes) {}

  Map<UUID, Totals> totals(Collection<UUID> ids) {
    var totals = new HashMap<UUID, Totals>();
    sql.query(
        """
        select checkpoint_id, count(*), cast(sum(size) as bigint) from checkpoint_file
        where checkpoint_id = any (?) group by checkpoint_id
        """,
        Collections.singletonList(ids.toArray(UUID[]::new)),
        r -> totals.put(r.getObject(1, UUID.class), new Totals(r.getLong(2), r.getLong(3))));
    return totals;
  }

  /** The files of each of these checkpoints, by path. */
  Map<UUID, List<FileRequest>> files(Collection<UUID> ids) {
    var files = new HashMap<UUID, List<FileRequest>>();
    sql.query(
        """
        select checkpoint_id, path, sha256, size, role, media_type, representation from checkpoint_file
        where checkpoint_id = any (?) order by checkpoint_id, path collate "C"
        """,
        Collections.singletonList(ids.toArray(UUID[]::new)),
        r ->
            files
                .computeIfAbsent(r.getObject(1, UUID.class), id -> new ArrayList<>())
                .add(
                    new FileRequest(
                        r.getString(2),
                        new Sha256(r.getString(3)),
                        r.getLong(4),
                        Wire.parse(FileRole.class, r.getString(5)),
                        r.getString(6),
                        r.getString(7))));
    return files;
  }

  /** The files of a checkpoint, by path. */
  List<FileRequest> files(UUID id) {
    return files(List.of(id)).getOrDefault(id, List.of());
  }

  Optional<FileRequest> file(UUID checkpointId, String path) {
    return sql
        .query(
            """
            select path, sha256, size, role, media_type, representation from checkpoint_file
            where checkpoint_id = ? and path = ?
            """,
            List.of(checkpointId, path),
            r ->
                new FileRequest(
                    r.getString(1),
                    new Sha256(r.getString(2)),
                    r.getLong(3),
                    Wire.parse(FileRole.class, r.getString(4)),
                    r.getString(5),
                    r.getString(6)))
        .stream()
        .findFirst();
  }

  /** Whether something says that it comes from this checkpoint. */
  boolean isParent(UUID checkpointId) {
    return !sql.query(
            "select 1 from parent_edge where parent_checkpoint_id = ? limit 1",
            List.of(checkpointId),
            r -> r.getInt(1))
        .isEmpty();
  }
}
