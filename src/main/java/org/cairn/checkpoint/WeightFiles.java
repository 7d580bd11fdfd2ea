package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Which files of checkpoints their weights are read from. */
@ApplicationScoped
class WeightFiles {

  private final Sql sql;
  private final CheckpointContentQueries contents;

  WeightFiles(Sql sql, CheckpointContentQueries contents) {
    this.sql = sql;
    this.contents = contents;
  }

  /** A file of weights. */
  record WeightFile(String path, Sha256 sha256) {}

  /**
   * The files of each of these checkpoints, by path. Sealing decides it for good; of a draft, whose
   * shard indexes nobody has read yet, it is guessed from the names.
   */
  Map<UUID, List<WeightFile>> of(Collection<CheckpointRow> rows) {
    var files = new HashMap<UUID, List<WeightFile>>();
    sql.query(
        """
        select checkpoint_id, path, sha256 from checkpoint_file
        where checkpoint_id = any (?) and primary_weights order by checkpoint_id, path collate "C"
        """,
        Collections.singletonList(ids(rows, true)),
        r ->
            files
                .computeIfAbsent(r.getObject(1, UUID.class), id -> new ArrayList<>())
                .add(new WeightFile(r.getString(2), new Sha256(r.getString(3)))));
    var drafts = ids(rows, false);
    if (drafts.length > 0) {
      contents
          .files(List.of(drafts))
          .forEach((id, all) ->
              WeightSet.of(all, Map.of()).stream()
                  .findFirst()
                  .ifPresent(set ->
                      files.put(
                          id,
                          set.files().stream()
                              .map(file -> new WeightFile(file.path(), file.sha256()))
                              .toList())));
    }
    return files;
  }

  private static UUID[] ids(Collection<CheckpointRow> rows, boolean sealed) {
    return rows.stream()
        .filter(row -> (row.state() == CheckpointState.SEALED) == sealed)
        .map(CheckpointRow::id)
        .toArray(UUID[]::new);
  }

  /** Decides it for a checkpoint. */
  void decide(UUID checkpointId, Collection<String> paths) {
    sql.update(
        "update checkpoint_file set primary_weights = (path = any (?)) where checkpoint_id = ?",
        List.of(paths.toArray(String[]::new), checkpointId));
  }
}
