package org.cairn.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which checkpoints of a run a request is about; every bound is inclusive. */
record CheckpointFilter(
    @Nullable String stage,
    @Nullable String branch,
    @Nullable Long stepFrom,
    @Nullable Long stepTo,
    @Nullable Long tokensFrom,
    @Nullable Long tokensTo,
    @Nullable CheckpointKind kind,
    @Nullable CheckpointState state,
    @Nullable List<Long> steps,
    List<Component> has) {

  CheckpointFilter {
    steps = steps == null ? null : List.copyOf(steps);
    has = List.copyOf(has);
  }

  /**
   * The conditions in SQL over checkpoint {@code c}, and the values of their parameters in order.
   */
  Conditions conditions(UUID runId) {
    var sql = new StringBuilder("c.run_id = ?");
    var values = new ArrayList<Object>();
    values.add(runId);
    add(sql, values, "c.stage = ?", stage);
    add(sql, values, "c.branch = ?", branch);
    add(sql, values, "c.step >= ?", stepFrom);
    add(sql, values, "c.step <= ?", stepTo);
    add(sql, values, "coalesce(c.tokens, c.claimed_tokens) >= ?", tokensFrom);
    add(sql, values, "coalesce(c.tokens, c.claimed_tokens) <= ?", tokensTo);
    add(sql, values, "c.kind = ?", kind == null ? null : Wire.name(kind));
    add(sql, values, "c.state = ?", state == null ? null : Wire.name(state));
    add(sql, values, "c.step = any (?)", steps == null ? null : steps.toArray(Long[]::new));
    for (var component : has) {
      add(sql, values, "c.components ->> ? = 'present'", Wire.name(component));
    }
    return new Conditions(sql.toString(), values);
  }

  private static void add(
      StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      values.add(value);
    }
  }

  /** A where clause and its values. */
  record Conditions(String sql, List<Object> values) {}
}
