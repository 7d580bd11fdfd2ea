package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.run.CheckpointAddress;
import org.jspecify.annotations.Nullable;

/** Reads checkpoints: whole trajectories in a fixed number of statements, in order of position. */
@ApplicationScoped
class CheckpointQueries {

  /** Most checkpoints that a spacing is chosen from. */
  static final int SPACING_MAX = 200_000;

  private static final String SELECT =
      """
      select c.*, s.name as segment_name
      from checkpoint c left join segment s on s.id = c.segment_id
      where
      """;

  private static final String ORDER = " order by c.position, c.stage, c.branch, c.id";

  private final Sql sql;
  private final ObjectMapper json;

  CheckpointQueries(Sql sql, ObjectMapper json) {
    this.sql = sql;
    this.json = json;
  }

  /** A page of a trajectory, after the row that {@code after} names. */
  List<CheckpointRow> page(
      UUID runId, CheckpointFilter filter, @Nullable PageToken after, int limit) {
    var conditions = filter.conditions(runId);
    var values = new ArrayList<>(conditions.values());
    var text = SELECT + conditions.sql();
    if (after != null) {
      text += " and (c.position, c.stage, c.branch, c.id) > (?, ?, ?, ?)";
      values.add(after.number(0));
      values.add(after.key().get(1));
      values.add(after.key().get(2));
      values.add(after.id(3));
    }
    values.add(limit);
    return rows(text + ORDER + " limit ?", values);
  }

  static PageToken token(CheckpointRow row) {
    return new PageToken(
        List.of(Long.toString(row.position()), row.stage(), row.branch(), row.id().toString()));
  }

  /** A step and whose it is. */
  record Place(UUID id, long position) {}

  List<Place> places(UUID runId, CheckpointFilter filter) {
    var conditions = filter.conditions(runId);
    var values = new ArrayList<>(conditions.values());
    values.add(SPACING_MAX + 1);
    return sql.query(
        "select c.id, c.position from checkpoint c where " + conditions.sql() + ORDER + " limit ?",
        values,
        r -> new Place(r.getObject(1, UUID.class), r.getLong(2)));
  }

  List<CheckpointRow> byIds(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return rows(
        SELECT + "c.id = any (?)" + ORDER, Collections.singletonList(ids.toArray(UUID[]::new)));
  }

  /**
   * The checkpoint whose {@code axis} (step or tokens) is nearest to {@code target}; the earlier
   * one of two.
   */
  Optional<CheckpointRow> nearest(UUID runId, CheckpointFilter filter, Axis axis, long target) {
    var conditions = filter.conditions(runId);
    var values = new ArrayList<>(conditions.values());
    values.add(target);
    var text =
        SELECT
            + conditions.sql()
            + " and "
            + axis.column
            + " is not null order by abs(cast("
            + axis.column
            + " as numeric) - ?), c.position, c.stage, c.branch, c.id limit 1";
    return rows(text, values).stream().findFirst();
  }

  /** What a distance is measured on. */
  enum Axis {
    STEP("c.step"),
    TOKENS("coalesce(c.tokens, c.claimed_tokens)");

    private final String column;

    Axis(String column) {
      this.column = column;
    }
  }

  Optional<CheckpointRow> byLabel(UUID runId, String label) {
    return rows(
            SELECT
                + """
                c.id = (select l.checkpoint_id from checkpoint_label l
                  where l.run_id = ? and l.label = ? and l.retired_at is null)\
                """,
            List.of(runId, label))
        .stream()
        .findFirst();
  }

  /** The checkpoints that hold these labels, in one statement. */
  Map<CheckpointAddress, CheckpointRow> byLabels(Collection<CheckpointAddress> labels) {
    var rows = new HashMap<CheckpointAddress, CheckpointRow>();
    if (labels.isEmpty()) {
      return rows;
    }
    sql.query(
        """
        select c.*, s.name as segment_name, l.label as found_by
        from unnest(?, ?) as asked(run_id, label)
        join checkpoint_label l
          on l.run_id = asked.run_id and l.label = asked.label and l.retired_at is null
        join checkpoint c on c.id = l.checkpoint_id
        left join segment s on s.id = c.segment_id
        """,
        List.of(
            labels.stream().map(CheckpointAddress::runId).toArray(UUID[]::new),
            labels.stream().map(CheckpointAddress::ref).toArray(String[]::new)),
        r -> {
          var row = row(r);
          return rows.put(new CheckpointAddress(row.runId(), r.getString("found_by")), row);
        });
    return rows;
  }

  OptionalLong lastStep(UUID runId) {
    var last =
        sql.query(
                "select max(step) from checkpoint where run_id = ?",
                List.of(runId),
                r -> Optional.ofNullable(r.getObject(1, Long.class)))
            .getFirst();
    return last.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  boolean hasSealed(UUID runId) {
    return sql.query(
            "select exists (select 1 from checkpoint where run_id = ? and state <> 'draft')",
            List.of(runId),
            r -> r.getBoolean(1))
        .getFirst();
  }

  Optional<CheckpointRow> latest(UUID runId) {
    return rows(
            SELECT + "c.run_id = ? order by c.position desc, c.created_at desc, c.id limit 1",
            List.of(runId))
        .stream()
        .findFirst();
  }

  Optional<CheckpointRow> terminal(UUID runId) {
    return rows(
            SELECT
                + "c.run_id = ? and c.kind = 'terminal' order by c.position desc, c.created_at desc, c.id limit 1",
            List.of(runId))
        .stream()
        .findFirst();
  }

  /** The first checkpoint of the run with these weights. */
  Optional<CheckpointRow> byWeights(UUID runId, Sha256 weightsDigest) {
    return rows(
            SELECT + "c.run_id = ? and c.weights_digest = ?" + ORDER + " limit 1",
            List.of(runId, weightsDigest.hex()))
        .stream()
        .findFirst();
  }

  private List<CheckpointRow> rows(String text, List<?> values) {
    return sql.query(text, values, this::row);
  }

  private CheckpointRow row(ResultSet r) throws SQLException {
    return new CheckpointRow(
        r.getObject("id", UUID.class),
        r.getObject("run_id", UUID.class),
        r.getObject("segment_id", UUID.class),
        r.getString("segment_name"),
        r.getString("stage"),
        r.getString("branch"),
        r.getLong("step"),
        r.getLong("position"),
        r.getObject("tokens", Long.class),
        r.getObject("sequences", Long.class),
        r.getObject("total_tokens", Long.class),
        r.getObject("claimed_tokens", Long.class),
        r.getObject("claimed_sequences", Long.class),
        Wire.parse(CheckpointKind.class, r.getString("kind")),
        Wire.parse(WeightsKind.class, r.getString("weights_kind")),
        read(r.getString("components"), new TypeReference<Map<Component, ComponentState>>() {}),
        read(r.getString("representations"), new TypeReference<JsonNode>() {}),
        Wire.parse(CheckpointState.class, r.getString("state")),
        r.getString("label"),
        Sql.instant(r, "taken_at"),
        read(r.getString("metadata"), new TypeReference<JsonNode>() {}),
        r.getString("seal_failure"),
        Sql.instant(r, "sealed_at"),
        digest(r.getString("manifest_sha256")),
        digest(r.getString("weights_digest")),
        digest(r.getString("loose_weights_digest")),
        r.getObject("created_at", OffsetDateTime.class).toInstant(),
        r.getLong("version"));
  }

  /** The row of a checkpoint that was added in this transaction. */
  CheckpointRow added(UUID runId, CheckpointRows.Added added) {
    var c = added.checkpoint();
    var texts = added.json();
    return new CheckpointRow(
        c.id(),
        runId,
        c.segmentId(),
        c.segmentName(),
        c.stage(),
        c.branch(),
        c.step(),
        c.position(),
        c.tokens(),
        c.sequences(),
        c.totalTokens(),
        c.claimedTokens(),
        c.claimedSequences(),
        c.kind(),
        c.weightsKind(),
        read(texts.getFirst(), new TypeReference<Map<Component, ComponentState>>() {}),
        read(texts.get(1), new TypeReference<JsonNode>() {}),
        CheckpointState.DRAFT,
        c.label(),
        c.takenAt(),
        read(texts.getLast(), new TypeReference<JsonNode>() {}),
        null,
        null,
        null,
        null,
        null,
        added.createdAt(),
        0);
  }

  private static @Nullable Sha256 digest(@Nullable String hex) {
    return hex == null ? null : new Sha256(hex);
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored column does not parse", e);
    }
  }
}
