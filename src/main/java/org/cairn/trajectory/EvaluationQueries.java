package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.cairn.platform.Sql;
import org.cairn.run.RunEvaluations;

@ApplicationScoped
class EvaluationQueries implements RunEvaluations {

  private final Sql sql;

  EvaluationQueries(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Map<String, SortedMap<Long, SortedSet<String>>> batchSizes(UUID runId) {
    var bySetting = new TreeMap<String, SortedMap<Long, SortedSet<String>>>();
    sql.stream(
        """
        select distinct setting, step, batch_size from evaluation
        where run_id = ? and batch_size is not null
        """,
        List.of(runId),
        row ->
            bySetting
                .computeIfAbsent(row.getString("setting"), setting -> new TreeMap<>())
                .computeIfAbsent(row.getLong("step"), step -> new TreeSet<>())
                .add(row.getString("batch_size")));
    return bySetting;
  }
}
