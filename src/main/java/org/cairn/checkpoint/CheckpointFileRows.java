package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of the files of checkpoints, any number in one statement, which also keeps the
 * artifacts that they name from being collected before the transaction ends.
 */
@ApplicationScoped
class CheckpointFileRows {

  /** Common table expression of {@link #INSERT}. */
  static final String HELD =
      """
      held as materialized (
        select 1 from artifact where sha256 = any (cast(? as text[])) order by sha256 for key share)
      """;

  static final String INSERT =
      """
      insert into checkpoint_file (checkpoint_id, path, sha256, size, media_type, role, representation)
      select cast(u.checkpoint as uuid), u.path, u.sha256, cast(u.size as bigint), u.media_type, u.role, u.representation
      from unnest(cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
        cast(? as text[]), cast(? as text[]), cast(? as text[]))
        as u(checkpoint, path, sha256, size, media_type, role, representation)
      where (select count(*) from held) >= 0
      """;

  private static final String REPLACE =
      """
      on conflict (checkpoint_id, path) do update set
        sha256 = excluded.sha256, size = excluded.size,
        media_type = excluded.media_type, role = excluded.role,
        representation = excluded.representation
      """;

  private static final List<Function<Row, @Nullable Object>> COLUMNS =
      List.of(
          Row::checkpoint,
          row -> row.file().path(),
          row -> row.file().sha256(),
          row -> row.file().size(),
          row -> row.file().mediaType(),
          row -> row.file().role(),
          row -> row.file().representation());

  /** A file and whose it is. */
  record Row(UUID checkpoint, FileRequest file) {}

  private final EntityManager entities;

  CheckpointFileRows(EntityManager entities) {
    this.entities = entities;
  }

  /** The files of new checkpoints. */
  static List<Row> of(Collection<PreparedCheckpoint> checkpoints) {
    return checkpoints.stream()
        .flatMap(c -> c.files().stream().map(file -> new Row(c.id(), file)))
        .toList();
  }

  /** Adds files to one draft; a path that is there already gets the new content. */
  void put(UUID checkpointId, List<FileRequest> files) {
    var rows = files.stream().map(file -> new Row(checkpointId, file)).toList();
    entities
        .unwrap(Session.class)
        .doWork(connection -> {
          try (var statement = connection.prepareStatement("with " + HELD + INSERT + REPLACE)) {
            bind(statement, 1, rows);
            statement.executeUpdate();
          }
        });
  }

  /** Whether the file was there. */
  boolean delete(UUID checkpointId, String path) {
    return entities
            .createNativeQuery(
                "delete from checkpoint_file where checkpoint_id = :id and path = :path")
            .setParameter("id", checkpointId)
            .setParameter("path", path)
            .executeUpdate()
        == 1;
  }

  void delete(UUID checkpointId, Collection<String> paths) {
    entities
        .createNativeQuery(
            "delete from checkpoint_file where checkpoint_id = :id and path = any (:paths)")
        .setParameter("id", checkpointId)
        .setParameter("paths", paths.toArray(String[]::new))
        .executeUpdate();
  }

  /**
   * Sets the parameters of {@link #HELD} and {@link #INSERT}, the first of them at {@code from}.
   */
  static void bind(PreparedStatement statement, int from, List<Row> rows) throws SQLException {
    var connection = statement.getConnection();
    var digests = rows.stream().map(row -> row.file().sha256()).distinct().toList();
    statement.setArray(from, CheckpointRows.texts(connection, digests, digest -> digest));
    for (int i = 0; i < COLUMNS.size(); i++) {
      statement.setArray(from + 1 + i, CheckpointRows.texts(connection, rows, COLUMNS.get(i)));
    }
  }
}
