package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.tensor.WeightSample;

/** Reads the sealed weights of a run: in two statements, holding one tensor at a time. */
@ApplicationScoped
class TrajectoryQueries {

  private static final String CHECKPOINTS =
      """
      from checkpoint c
      where c.run_id = ? and c.state = 'sealed' and c.weights_digest is not null
      """;

  private final Sql sql;

  TrajectoryQueries(Sql sql) {
    this.sql = sql;
  }

  /** Those whose weights are known, in the order of training. */
  List<ExaminedCheckpoint> checkpoints(UUID runId) {
    return sql.query(
        """
        select c.id, c.label, c.stage, c.branch, c.segment_id, c.weights_kind, c.step, c.position,
          c.weights_digest, c.loose_weights_digest
        """
            + CHECKPOINTS
            + "order by c.position, c.stage, c.branch, c.id",
        List.of(runId),
        r ->
            new ExaminedCheckpoint(
                r.getObject(1, UUID.class),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                r.getObject(5, UUID.class),
                r.getString(6),
                r.getLong(7),
                r.getLong(8),
                new Sha256(r.getString(9)),
                new Sha256(r.getString(10))));
  }

  /** How long the last examination of a run took, in milliseconds; 0 before the first. */
  long took(UUID runId) {
    return sql
        .query(
            "select took_ms from examination where run_id = ?", List.of(runId), r -> r.getLong(1))
        .stream()
        .findFirst()
        .orElse(0L);
  }

  /**
   * Writes down that so many checkpoints were examined, and keeps others from doing so until the
   * transaction ends.
   *
   * @return whether no examination saw more of them
   */
  boolean examined(UUID runId, int checkpoints, long tookMs) {
    return sql.update(
            """
            insert into examination as last (run_id, checkpoints, took_ms, examined_at)
            values (?, ?, ?, now())
            on conflict (run_id) do update set checkpoints = excluded.checkpoints,
              took_ms = excluded.took_ms, examined_at = excluded.examined_at
            where last.checkpoints <= excluded.checkpoints
            """,
            List.of(runId, checkpoints, tookMs))
        == 1;
  }

  /** Shows each tensor at all of these checkpoints that have it, in their order. */
  void tensors(
      UUID runId, List<ExaminedCheckpoint> checkpoints, BiConsumer<String, List<TensorAt>> reader) {
    Map<UUID, Integer> places = new HashMap<>();
    for (int i = 0; i < checkpoints.size(); i++) {
      places.put(checkpoints.get(i).id(), i);
    }
    var current = new ArrayList<TensorAt>();
    var name = new String[] {""};
    sql.stream(
        """
        select t.name, c.id, t.file_sha256, t.sha256, t.dtype, t.shape, t.elements, t.nans,
          t.infinities, t.min, t.max, t.sample
        from checkpoint c
          join checkpoint_file f on f.checkpoint_id = c.id and f.primary_weights
          join tensor t on t.file_sha256 = f.sha256
        where c.run_id = ? and c.state = 'sealed' and c.weights_digest is not null
        order by t.name collate "C", c.position, c.stage, c.branch, c.id
        """,
        List.of(runId),
        r -> {
          var place = places.get(r.getObject(2, UUID.class));
          if (place == null) {
            return; // sealed a moment ago: another examination follows
          }
          if (!r.getString(1).equals(name[0])) {
            show(name[0], current, reader);
            name[0] = r.getString(1);
          }
          current.add(tensor(place, r));
        });
    show(name[0], current, reader);
  }

  private static void show(
      String name, List<TensorAt> through, BiConsumer<String, List<TensorAt>> reader) {
    if (!through.isEmpty()) {
      reader.accept(name, List.copyOf(through));
      through.clear();
    }
  }

  private static TensorAt tensor(int place, ResultSet r) throws SQLException {
    long elements = r.getLong(7);
    long finite = elements - r.getLong(8) - r.getLong(9);
    double min = r.getDouble(10);
    var sample = r.getBytes(12);
    return new TensorAt(
        place,
        new Sha256(r.getString(3)),
        new Sha256(r.getString(4)),
        r.getString(5) + " " + List.of((Long[]) r.getArray(6).getArray()),
        elements,
        r.getLong(8),
        r.getLong(9),
        finite > 1 && min == r.getDouble(11),
        min,
        sample == null ? WeightSample.NONE : WeightSample.of(sample));
  }
}
