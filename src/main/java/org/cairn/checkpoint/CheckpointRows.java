package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of checkpoints, any number in a handful of statements: one row a statement would
 * make a release of 10,000 checkpoints a matter of minutes.
 */
@ApplicationScoped
class CheckpointRows {

  private final EntityManager entities;
  private final CheckpointFileRows files;
  private final ObjectMapper json;
  private final Clock clock;

  CheckpointRows(EntityManager entities, CheckpointFileRows files, ObjectMapper json, Clock clock) {
    this.entities = entities;
    this.files = files;
    this.json = json;
    this.clock = clock;
  }

  /** What became of a checkpoint: its primary label, or what is taken already. */
  record Outcome(String label, @Nullable String conflict) {}

  /**
   * Inserts checkpoints with labels and files, each wholly or not at all; parents and findings are
   * the caller's.
   */
  Map<UUID, Outcome> insert(UUID runId, Collection<PreparedCheckpoint> checkpoints) {
    return entities
        .unwrap(Session.class)
        .doReturningWork(connection -> insert(connection, runId, List.copyOf(checkpoints)));
  }

  private Map<UUID, Outcome> insert(
      Connection connection, UUID runId, List<PreparedCheckpoint> checkpoints) throws SQLException {
    var now = clock.instant();
    var outcomes = new LinkedHashMap<UUID, Outcome>();
    var inserted = insertCheckpoints(connection, runId, checkpoints, now);
    var present = checkpoints.stream().filter(c -> inserted.contains(c.id())).toList();
    var refused = insertLabels(connection, runId, present, now);
    delete(connection, refused.keySet());
    var held = held(connection, runId, refused.values());
    var again = new ArrayList<PreparedCheckpoint>();
    for (var checkpoint : checkpoints) {
      var taken = refused.get(checkpoint.id());
      if (!inserted.contains(checkpoint.id())) {
        outcomes.put(
            checkpoint.id(), new Outcome(checkpoint.label(), "checkpoint " + address(checkpoint)));
        if (!refused.isEmpty()) {
          again.add(checkpoint); // what was taken back may have stood in its way
        }
      } else if (taken != null) {
        outcomes.put(checkpoint.id(), new Outcome(checkpoint.label(), "label " + taken));
        if (!held.contains(taken)) {
          again.add(checkpoint);
        } else if (taken.equals(checkpoint.label()) && checkpoint.isLabelledByStep()) {
          again.add(checkpoint.labelledBySegment());
        }
      } else {
        outcomes.put(checkpoint.id(), new Outcome(checkpoint.label(), null));
      }
    }
    files.insert(connection, present.stream().filter(c -> !refused.containsKey(c.id())).toList());
    if (!again.isEmpty()) {
      // Fewer each time: the first of those that were refused had its label taken by another.
      outcomes.putAll(insert(connection, runId, again));
    }
    return outcomes;
  }

  /** Those of these labels that are taken, now that refused checkpoints are gone. */
  private static Set<String> held(Connection connection, UUID runId, Collection<String> labels)
      throws SQLException {
    var held = new HashSet<String>();
    if (labels.isEmpty()) {
      return held;
    }
    try (var statement =
        connection.prepareStatement(
            """
            select label from checkpoint_label
            where run_id = ? and label = any (?) and retired_at is null
            """)) {
      statement.setObject(1, runId);
      statement.setArray(2, texts(connection, List.copyOf(labels), label -> label));
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          held.add(result.getString(1));
        }
      }
    }
    return held;
  }

  private static String address(PreparedCheckpoint c) {
    return "at stage \"%s\", branch \"%s\", step %d%s"
        .formatted(
            c.stage(),
            c.branch(),
            c.step(),
            c.segmentName() == null ? "" : ", segment " + c.segmentName());
  }

  private Set<UUID> insertCheckpoints(
      Connection connection, UUID runId, List<PreparedCheckpoint> rows, Instant now)
      throws SQLException {
    var columns =
        List.of(
            new Column("id", "uuid", PreparedCheckpoint::id),
            new Column("segment_id", "uuid", PreparedCheckpoint::segmentId),
            new Column("stage", "text", PreparedCheckpoint::stage),
            new Column("branch", "text", PreparedCheckpoint::branch),
            new Column("step", "bigint", PreparedCheckpoint::step),
            new Column("position", "bigint", PreparedCheckpoint::position),
            new Column("tokens", "bigint", PreparedCheckpoint::tokens),
            new Column("sequences", "bigint", PreparedCheckpoint::sequences),
            new Column("total_tokens", "bigint", PreparedCheckpoint::totalTokens),
            new Column("claimed_tokens", "bigint", PreparedCheckpoint::claimedTokens),
            new Column("claimed_sequences", "bigint", PreparedCheckpoint::claimedSequences),
            new Column("kind", "text", c -> Wire.name(c.kind())),
            new Column("weights_kind", "text", c -> Wire.name(c.weightsKind())),
            new Column("components", "jsonb", c -> text(c.components())),
            new Column("representations", "jsonb", c -> text(c.representations())),
            new Column("label", "text", PreparedCheckpoint::label),
            new Column(
                "taken_at",
                "timestamptz",
                c -> c.takenAt() == null ? null : c.takenAt().toString()),
            new Column("metadata", "jsonb", c -> text(c.metadata())));
    var names = String.join(", ", columns.stream().map(Column::name).toList());
    var selected =
        String.join(
            ", ",
            columns.stream().map(c -> "cast(u." + c.name() + " as " + c.type() + ")").toList());
    var arrays = String.join(", ", columns.stream().map(c -> "cast(? as text[])").toList());
    var sql =
        """
        insert into checkpoint (%s, run_id, state, created_at, updated_at, version)
        select %s, ?, 'draft', cast(? as timestamptz), cast(? as timestamptz), 0
        from unnest(%s) as u(%s)
        on conflict do nothing
        returning id
        """
            .formatted(names, selected, arrays, names);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, runId);
      statement.setString(2, now.toString());
      statement.setString(3, now.toString());
      for (int i = 0; i < columns.size(); i++) {
        var column = columns.get(i);
        statement.setArray(4 + i, texts(connection, rows, column.value()));
      }
      var ids = new HashSet<UUID>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          ids.add(result.getObject(1, UUID.class));
        }
      }
      return ids;
    }
  }

  /** The label, of each checkpoint that has one that is taken. */
  private static Map<UUID, String> insertLabels(
      Connection connection, UUID runId, List<PreparedCheckpoint> rows, Instant now)
      throws SQLException {
    record Row(UUID checkpoint, String label) {}
    var labels =
        rows.stream()
            .flatMap(c ->
                java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(c.label()), c.labels().stream())
                    .distinct()
                    .map(label -> new Row(c.id(), label)))
            .toList();
    var sql =
        """
        insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
        select label_id(cast(u.checkpoint as uuid), u.label, n.assigned), ?, u.label,
          cast(u.checkpoint as uuid), n.assigned
        from unnest(cast(? as text[]), cast(? as text[])) as u(checkpoint, label)
        cross join (select cast(? as timestamptz)) as n(assigned)
        on conflict do nothing
        returning checkpoint_id, label
        """;
    var taken = new LinkedHashMap<Row, Row>();
    labels.forEach(row -> taken.put(row, row));
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, runId);
      statement.setArray(2, texts(connection, labels, Row::checkpoint));
      statement.setArray(3, texts(connection, labels, Row::label));
      statement.setString(4, now.toString());
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          taken.remove(new Row(result.getObject(1, UUID.class), result.getString(2)));
        }
      }
    }
    var refused = new LinkedHashMap<UUID, String>();
    taken.keySet().forEach(row -> refused.putIfAbsent(row.checkpoint(), row.label()));
    return refused;
  }

  private static void delete(Connection connection, Set<UUID> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (var statement =
        connection.prepareStatement("delete from checkpoint where id = any (cast(? as uuid[]))")) {
      statement.setArray(1, texts(connection, List.copyOf(ids), id -> id));
      statement.executeUpdate();
    }
  }

  static <T> Array texts(Connection connection, List<T> rows, Function<T, @Nullable Object> value)
      throws SQLException {
    var texts = new @Nullable String[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      var item = value.apply(rows.get(i));
      texts[i] = item == null ? null : item.toString();
    }
    return connection.createArrayOf("text", texts);
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A checked request cannot be written", e);
    }
  }

  private record Column(
      String name, String type, Function<PreparedCheckpoint, @Nullable Object> value) {}
}
