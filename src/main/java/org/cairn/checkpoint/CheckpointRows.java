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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
 * Writes the rows of checkpoints, any number in one statement: one row a statement would make a
 * release of 10,000 checkpoints a matter of minutes.
 */
@ApplicationScoped
class CheckpointRows {

  private final EntityManager entities;
  private final ObjectMapper json;
  private final Clock clock;
  private final List<Column> columns;
  private final String insert;

  CheckpointRows(EntityManager entities, ObjectMapper json, Clock clock) {
    this.entities = entities;
    this.json = json;
    this.clock = clock;
    this.columns =
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
    var values =
        String.join(
            ", ",
            columns.stream().map(c -> "cast(u." + c.name() + " as " + c.type() + ")").toList());
    var arrays = String.join(", ", columns.stream().map(c -> "cast(? as text[])").toList());
    // One statement: registering checkpoints one by one waits for little else.
    this.insert =
        """
        with given as (select cast(? as uuid) as run_id, cast(? as timestamptz) as now),
        added as (
          insert into checkpoint (%s, run_id, state, created_at, updated_at, version)
          select %s, given.run_id, 'draft', given.now, given.now, 0
          from unnest(%s) as u(%s) cross join given
          on conflict do nothing
          returning id, components, representations, metadata),
        labelled as (
          insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
          select label_id(added.id, u.label, given.now), given.run_id, u.label, added.id, given.now
          from unnest(cast(? as text[]), cast(? as text[])) as u(checkpoint, label)
          join added on added.id = cast(u.checkpoint as uuid) cross join given
          on conflict do nothing
          returning checkpoint_id, label),
        %s,
        filed as (%s and cast(u.checkpoint as uuid) in (select id from added))
        select id, null, components, representations, metadata from added
        union all
        select checkpoint_id, label, null, null, null from labelled
        """
            .formatted(
                names, values, arrays, names, CheckpointFileRows.HELD, CheckpointFileRows.INSERT);
  }

  /**
   * A checkpoint in the catalogue.
   *
   * @param json its components, representations and metadata as PostgreSQL writes them
   */
  record Added(PreparedCheckpoint checkpoint, Instant createdAt, List<String> json) {}

  /** What became of a checkpoint: it was added, or something is taken already. */
  record Outcome(@Nullable Added added, @Nullable String conflict) {}

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
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
    var outcomes = new LinkedHashMap<UUID, Outcome>();
    var written = write(connection, runId, checkpoints, now);
    var refused = new LinkedHashMap<UUID, String>();
    for (var checkpoint : checkpoints) {
      var labels = written.labels().getOrDefault(checkpoint.id(), Set.of());
      if (written.json().containsKey(checkpoint.id())) {
        checkpoint.allLabels().stream()
            .filter(label -> !labels.contains(label))
            .findFirst()
            .ifPresent(label -> refused.put(checkpoint.id(), label));
      }
    }
    delete(connection, refused.keySet());
    var held = held(connection, runId, refused.values());
    var again = new ArrayList<PreparedCheckpoint>();
    for (var checkpoint : checkpoints) {
      var taken = refused.get(checkpoint.id());
      var stored = written.json().get(checkpoint.id());
      if (stored == null) {
        outcomes.put(checkpoint.id(), new Outcome(null, "checkpoint " + address(checkpoint)));
        if (!refused.isEmpty()) {
          again.add(checkpoint); // what was taken back may have stood in its way
        }
      } else if (taken != null) {
        outcomes.put(checkpoint.id(), new Outcome(null, "label " + taken));
        if (!held.contains(taken)) {
          again.add(checkpoint);
        } else if (taken.equals(checkpoint.label()) && checkpoint.isLabelledByStep()) {
          again.add(checkpoint.labelledBySegment());
        }
      } else {
        outcomes.put(checkpoint.id(), new Outcome(new Added(checkpoint, now, stored), null));
      }
    }
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

  /** What a statement wrote: the JSON of each new checkpoint, and the labels that each got. */
  private record Written(Map<UUID, List<String>> json, Map<UUID, Set<String>> labels) {}

  /** Checkpoints with their labels and files, where nobody has what they ask for. */
  private Written write(
      Connection connection, UUID runId, List<PreparedCheckpoint> rows, Instant now)
      throws SQLException {
    record Label(UUID checkpoint, String label) {}
    var labels =
        rows.stream()
            .flatMap(c -> c.allLabels().stream().map(label -> new Label(c.id(), label)))
            .toList();
    var written = new Written(new HashMap<>(), new HashMap<>());
    try (var statement = connection.prepareStatement(insert)) {
      statement.setObject(1, runId);
      statement.setString(2, now.toString());
      int next = 3;
      for (var column : columns) {
        statement.setArray(next++, texts(connection, rows, column.value()));
      }
      statement.setArray(next++, texts(connection, labels, Label::checkpoint));
      statement.setArray(next++, texts(connection, labels, Label::label));
      CheckpointFileRows.bind(statement, next, CheckpointFileRows.of(rows));
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          var id = result.getObject(1, UUID.class);
          var label = result.getString(2);
          if (label == null) {
            written
                .json()
                .put(id, List.of(result.getString(3), result.getString(4), result.getString(5)));
          } else {
            written.labels().computeIfAbsent(id, i -> new HashSet<>()).add(label);
          }
        }
      }
    }
    return written;
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
